// What the renderer itself says, in the reader's language. Keys are shared by both dictionaries.

const EN = {
  choose: "Select an option",
  choose_many: "Select options",
  choose_person: "Select a person",
  choose_channel: "Select a channel",
  choose_date: "Select a date",
  choose_time: "Select a time",
  choose_file: "Choose a file",
  choose_files: "Choose files",
  only_types: "Only these are taken: {types}",
  at_most: "At most {n}",
  clear: "Clear",
  day: "date",
  time: "time",
  earlier_month: "Previous month",
  later_month: "Next month",
  formatting: "Formatting",
  do_bold: "Bold",
  do_italic: "Italic",
  do_strikeThrough: "Strikethrough",
  do_insertUnorderedList: "Bulleted list",
  do_insertOrderedList: "Numbered list",
  search: "Search",
  remove: "Remove {name}",
  more_actions: "More actions",
  nothing_found: "Nothing found",
  loading: "Loading…",
  type_more: "Type at least {n} characters",
  optional: "(optional)",
  left: "{n} characters left",
  image_away: "Picture from elsewhere, not loaded: {name}",
  video_away: "Videos are not played here",
  file_away: "File {name}",
  unknown_block: "This block cannot be shown here: {name}",
  warning: "Warning",
  today: "Today",
  yesterday: "Yesterday",
  tomorrow: "Tomorrow",
  table: "Table",
};

const ZH_CN = {
  choose: "请选择",
  choose_many: "请选择（可多选）",
  choose_person: "选择成员",
  choose_channel: "选择频道",
  choose_date: "选择日期",
  choose_time: "选择时间",
  choose_file: "选择文件",
  choose_files: "选择文件",
  only_types: "只接受以下类型：{types}",
  at_most: "最多 {n} 个",
  clear: "清除",
  day: "日期",
  time: "时间",
  earlier_month: "上个月",
  later_month: "下个月",
  formatting: "文字格式",
  do_bold: "粗体",
  do_italic: "斜体",
  do_strikeThrough: "删除线",
  do_insertUnorderedList: "项目符号列表",
  do_insertOrderedList: "编号列表",
  search: "搜索",
  remove: "移除 {name}",
  more_actions: "更多操作",
  nothing_found: "没有找到结果",
  loading: "正在加载…",
  type_more: "请至少输入 {n} 个字符",
  optional: "（可选）",
  left: "还可输入 {n} 个字符",
  image_away: "外部图片，未加载：{name}",
  video_away: "此处不播放视频",
  file_away: "文件 {name}",
  unknown_block: "此处无法显示该区块：{name}",
  warning: "警告",
  today: "今天",
  yesterday: "昨天",
  tomorrow: "明天",
  table: "表格",
};

// Fill `{name}` in a sentence.
export function fill(sentence, parameters = {}) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => parameters[name] ?? whole);
}

// Make a function that looks a key up in the dictionary of a language.
export function dictionary(byLanguage) {
  return (locale, key, parameters) => {
    const sentence = byLanguage[locale]?.[key] ?? byLanguage.en[key];
    if (sentence === undefined) throw new Error(`no word for ${key}`);
    return fill(sentence, parameters);
  };
}

export const DICTIONARIES = { en: EN, zh_CN: ZH_CN };
export const word = dictionary(DICTIONARIES);

// The language tag browsers know, for dates, sorting and the lang attribute.
export function tag(locale) {
  return locale === "zh_CN" ? "zh-CN" : "en-US";
}
