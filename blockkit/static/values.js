// What elements hold, in the shape of Slack's state.values: the same rules as the server's.

const FIELDS = {
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  radio_buttons: ["selected_option", "initial_option"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_external_select: ["selected_options", "initial_options"],
  checkboxes: ["selected_options", "initial_options"],
  users_select: ["selected_user", "initial_user"],
  multi_users_select: ["selected_users", "initial_users"],
  channels_select: ["selected_channel", "initial_channel"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  plain_text_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  rich_text_input: ["rich_text_value", "initial_value"],
  file_input: ["files", "initial_files"],
};

// Whether an element holds a value at all (buttons and overflow menus do not).
export function holdsValue(element) {
  return element.type in FIELDS;
}

// Whether it holds a list.
export function isMany(element) {
  return /^multi_/.test(element.type) || ["checkboxes", "file_input"].includes(element.type);
}

// Whether what was put in can still be there: the element was drawn anew with other options.
function stillFits(element, state) {
  if (state?.type !== element.type) return false;
  const listed = element.options ?? element.option_groups?.flatMap((group) => group.options);
  if (!listed || !/option/.test(FIELDS[element.type][0])) return true;
  const chosen = [state[FIELDS[element.type][0]] ?? []].flat();
  return chosen.every((one) => listed.some((option) => option.value === one.value));
}

// The value in an element: what the reader put there, else what it starts with.
export function valueOf(element, state) {
  const [name, initial] = FIELDS[element.type];
  if (stillFits(element, state)) return state[name];
  return element[initial] ?? (isMany(element) ? [] : null);
}

// The state of an element that holds `value`.
export function stateOf(element, value) {
  return { type: element.type, [FIELDS[element.type][0]]: value };
}

// The bare values of what was put into elements that still stand in `blocks`, as an act takes them:
// {block_id: {action_id: value}}.
export function bareValues(inputs, blocks) {
  const found = {};
  for (const block of blocks) {
    const inner = [...(block.elements ?? []), block.element, block.accessory];
    for (const element of inner) {
      const state = inputs?.[block.block_id]?.[element?.action_id];
      if (!state || !stillFits(element, state)) continue;
      const value = state[FIELDS[state.type][0]];
      const bare = state.type === "file_input" ? value.map((file) => file.id) : value;
      found[block.block_id] = { ...found[block.block_id], [element.action_id]: bare };
    }
  }
  return found;
}
