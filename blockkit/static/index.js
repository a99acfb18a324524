// The renderer of Block Kit: what pages import.
//
// <Blocks blocks host/> draws blocks. `host` is what stands around them; every part but the first
// two may be left out, and what is left out does not happen:
//   locale, tz                        "en" or "zh_CN"; the reader's zone
//   me                                the reader's id, so that mentions of them stand out
//   personName(id), channelName(id), groupName(id), teamName(id)   what mentions are called
//   people(), channels(), conversations(filter), conversationName(id)   ids to choose, and names
//   openChannel(id), openLink(url), fileUrl(id)
//   stateOf(block_id, action_id)      what the reader put there, in the shape of state.values
//   put(block, element, state)        the reader put something in, and no app is to be told
//   act(block, element, value, state) the reader used an element (value for all but buttons)
//   loadOptions(block, element, query) a promise of {options} or {option_groups}
//   upload(file)                      a promise of {id, name}
//   isBusy(block_id, action_id), warningOf(block_id), errorOf(block_id)   what to show of the answer
export { Blocks } from "./blocks.js";
export { ask } from "./confirm.js";
export { dayOf, formatMoment, nearDay } from "./dates.js";
export { emoji, emojiNames } from "./emoji.js";
export { Menu, Picture } from "./elements.js";
export {
  createContext,
  html,
  memo,
  render,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "./html.js";
export { Mrkdwn, plain } from "./text.js";
export { bareValues, stateOf, valueOf } from "./values.js";
export { dictionary, tag, word } from "./words.js";
