// Layout blocks, one after the other.
import { Element, Picture } from "./elements.js";
import { html, useId } from "./html.js";
import { Markdown } from "./markdown.js";
import { RichText } from "./rich_text.js";
import { TextObject, anchor, plain } from "./text.js";
import { word } from "./words.js";

// Draw a list of blocks. `host` is what stands around them: see index.js.
export function Blocks({ blocks, host }) {
  return html`<div class="bk-blocks">
    ${blocks.map((block, n) => html`<${Block} key=${block.block_id ?? n} block=${block}
      host=${host} />`)}
  </div>`;
}

function Block({ block, host }) {
  const Drawn = DRAWN[block.type];
  const warning = host.warningOf?.(block.block_id);
  return html`<div class=${`bk-block bk-is-${block.type}`}>
    ${Drawn
      ? html`<${Drawn} block=${block} host=${host} />`
      : html`<em class="bk-note">${word(host.locale, "unknown_block", { name: block.type })}</em>`}
    ${warning && html`<p class="bk-warning" role="alert">
      <span aria-hidden="true">⚠</span> ${warning}</p>`}
  </div>`;
}

function Section({ block, host }) {
  const { accessory } = block;
  const label = accessory && accessory.type !== "button" ? plainOf(block.text) : undefined;
  return html`<div class="bk-section-row">
    <div class="bk-section-text">
      ${block.text && html`<${TextObject} text=${block.text} host=${host} />`}
      ${block.fields && html`<div class="bk-fields">
        ${block.fields.map((field) => html`<div class="bk-field">
          <${TextObject} text=${field} host=${host} /></div>`)}
      </div>`}
    </div>
    ${accessory && html`<div class="bk-accessory">
      <${Element} block=${block} element=${accessory} host=${host} label=${label} />
    </div>`}
  </div>`;
}

// What a screen reader can call an accessory: the section's text without its marks.
function plainOf(text) {
  return text?.text.replace(/<[^>|]*\|?([^>]*)>/g, "$1").replace(/[*_~`]/g, "").slice(0, 120);
}

function Actions({ block, host }) {
  return html`<div class="bk-actions-row">
    ${block.elements.map((element) => html`<${Element} key=${element.action_id} block=${block}
      element=${element} host=${host} />`)}
  </div>`;
}

function Context({ block, host }) {
  return html`<div class="bk-context-row">
    ${block.elements.map((element) => (element.type === "image"
      ? html`<${Picture} image=${element} host=${host} small />`
      : html`<span><${TextObject} text=${element} host=${host} /></span>`))}
  </div>`;
}

// Thumbs and small signs under an answer; some are for certain readers only.
function ContextActions({ block, host }) {
  const shown = block.elements.filter(({ visible_to_user_ids: readers }) =>
    !readers?.length || readers.includes(host.me));
  const buttons = shown.flatMap((element) => (element.type === "feedback_buttons"
    ? [element.positive_button, element.negative_button].map((one) => ({ ...element, ...one }))
    : [element]));
  return html`<div class="bk-actions-row">
    ${buttons.map((element) => html`<${Element} block=${block} host=${host}
      element=${{ ...element, type: "button" }} />`)}
  </div>`;
}

function Input({ block, host }) {
  const id = useId();
  const error = host.errorOf?.(block.block_id);
  const label = plain(block.label);
  const told = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" ");
  return html`<div class="bk-input-block" role="group" aria-labelledby=${id}>
    <div class="bk-label" id=${id}>
      ${label}
      ${block.optional && html` <span class="bk-optional">
        ${word(host.locale, "optional")}</span>`}
    </div>
    <${Element} block=${block} element=${block.element} host=${host} label=${label}
      invalid=${Boolean(error)} describedBy=${told || undefined} />
    ${error && html`<p class="bk-error" id=${`${id}-error`} role="alert">${error}</p>`}
    ${block.hint && html`<p class="bk-hint" id=${`${id}-hint`}>${plain(block.hint)}</p>`}
  </div>`;
}

function ImageBlock({ block, host }) {
  return html`<figure>
    ${block.title && html`<figcaption>${plain(block.title)}</figcaption>`}
    <${Picture} image=${block} host=${host} />
  </figure>`;
}

function Table({ block, host }) {
  const looks = (n) => {
    const { align, is_wrapped: wrapped } = block.column_settings?.[n] ?? {};
    return `bk-${align ?? "left"}${wrapped ? "" : " bk-unwrapped"}`;
  };
  const cell = (one) => (one.type === "rich_text"
    ? html`<${RichText} block=${one} host=${host} />`
    : one.text);
  const [head, ...rows] = block.rows;
  return html`<div class="bk-table-scroll" tabindex="0" role="region"
    aria-label=${word(host.locale, "table")}>
    <table class="bk-table">
      <thead><tr>
        ${head.map((one, n) => html`<th scope="col" class=${looks(n)}>${cell(one)}</th>`)}
      </tr></thead>
      <tbody>${rows.map((row) => html`<tr>
        ${row.map((one, n) => html`<td class=${looks(n)}>${cell(one)}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div>`;
}

// A video is named, never played: nothing comes from outside.
function Video({ block, host }) {
  const from = [block.author_name, block.provider_name].filter(Boolean).join(" · ");
  return html`<div class="bk-video">
    <p class="bk-video-title">${anchor(block.title_url ?? block.video_url, plain(block.title))}</p>
    ${from && html`<p class="bk-hint">${from}</p>`}
    ${block.description && html`<p>${plain(block.description)}</p>`}
    <div class="bk-video-screen" role="img" aria-label=${block.alt_text}>
      <span class="bk-play" aria-hidden="true"></span>
      <span>${word(host.locale, "video_away")}</span>
    </div>
  </div>`;
}

const DRAWN = {
  section: Section,
  actions: Actions,
  context: Context,
  context_actions: ContextActions,
  input: Input,
  image: ImageBlock,
  table: Table,
  markdown: ({ block }) => html`<${Markdown} text=${block.text} />`,
  divider: () => html`<hr class="bk-hr" />`,
  header: ({ block }) => html`<h2 class="bk-heading">${plain(block.text)}</h2>`,
  rich_text: ({ block, host }) => html`<${RichText} block=${block} host=${host} />`,
  video: Video,
  file: ({ block, host }) => html`<div class="bk-away">
    ${word(host.locale, "file_away", { name: block.external_id })}</div>`,
};
