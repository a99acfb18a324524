// The emoji that work messages use, by Slack's names; others stay written as :name:.

const EMOJI = new Map([
  ["+1", "👍"], ["thumbsup", "👍"], ["-1", "👎"], ["thumbsdown", "👎"], ["wave", "👋"], ["clap", "👏"],
  ["pray", "🙏"], ["ok_hand", "👌"], ["raised_hands", "🙌"], ["muscle", "💪"], ["point_right", "👉"],
  ["point_left", "👈"], ["point_up", "☝️"], ["point_down", "👇"], ["hand", "✋"],
  ["raised_hand", "✋"], ["writing_hand", "✍️"], ["handshake", "🤝"],
  ["smile", "😄"], ["smiley", "😃"], ["grinning", "😀"], ["grin", "😁"], ["laughing", "😆"],
  ["joy", "😂"], ["sweat_smile", "😅"], ["slightly_smiling_face", "🙂"], ["simple_smile", "🙂"],
  ["wink", "😉"], ["blush", "😊"], ["heart_eyes", "😍"], ["thinking_face", "🤔"],
  ["neutral_face", "😐"], ["expressionless", "😑"], ["confused", "😕"], ["worried", "😟"],
  ["slightly_frowning_face", "🙁"], ["disappointed", "😞"], ["cry", "😢"], ["sob", "😭"],
  ["angry", "😠"], ["rage", "😡"], ["scream", "😱"], ["sleeping", "😴"], ["sunglasses", "😎"],
  ["face_with_rolling_eyes", "🙄"], ["exploding_head", "🤯"], ["partying_face", "🥳"],
  ["upside_down_face", "🙃"], ["hugging_face", "🤗"], ["robot_face", "🤖"], ["ghost", "👻"],
  ["skull", "💀"],
  ["heart", "❤️"], ["broken_heart", "💔"], ["yellow_heart", "💛"], ["green_heart", "💚"],
  ["blue_heart", "💙"], ["purple_heart", "💜"], ["star", "⭐"], ["star2", "🌟"], ["sparkles", "✨"],
  ["fire", "🔥"], ["tada", "🎉"], ["confetti_ball", "🎊"], ["100", "💯"], ["boom", "💥"],
  ["zap", "⚡"], ["bulb", "💡"], ["rocket", "🚀"], ["trophy", "🏆"], ["medal", "🏅"],
  ["first_place_medal", "🥇"], ["crown", "👑"], ["gem", "💎"],
  ["white_check_mark", "✅"], ["heavy_check_mark", "✔️"], ["ballot_box_with_check", "☑️"],
  ["x", "❌"], ["negative_squared_cross_mark", "❎"], ["heavy_multiplication_x", "✖️"],
  ["warning", "⚠️"], ["exclamation", "❗"], ["heavy_exclamation_mark", "❗"], ["bangbang", "‼️"],
  ["question", "❓"], ["grey_question", "❔"], ["no_entry", "⛔"], ["no_entry_sign", "🚫"],
  ["octagonal_sign", "🛑"], ["information_source", "ℹ️"], ["recycle", "♻️"], ["red_circle", "🔴"],
  ["large_orange_circle", "🟠"], ["large_yellow_circle", "🟡"], ["large_green_circle", "🟢"],
  ["large_blue_circle", "🔵"], ["white_circle", "⚪"], ["black_circle", "⚫"],
  ["large_green_square", "🟩"], ["large_red_square", "🟥"], ["large_yellow_square", "🟨"],
  ["arrow_right", "➡️"], ["arrow_left", "⬅️"], ["arrow_up", "⬆️"], ["arrow_down", "⬇️"],
  ["arrows_counterclockwise", "🔄"], ["rewind", "⏪"], ["fast_forward", "⏩"], ["new", "🆕"],
  ["ok", "🆗"], ["sos", "🆘"], ["up", "🆙"], ["cool", "🆒"], ["free", "🆓"],
  ["hourglass", "⌛"], ["hourglass_flowing_sand", "⏳"], ["alarm_clock", "⏰"], ["stopwatch", "⏱️"],
  ["timer_clock", "⏲️"], ["clock1", "🕐"], ["clock3", "🕒"], ["clock9", "🕘"], ["watch", "⌚"],
  ["calendar", "📆"], ["date", "📅"], ["spiral_calendar_pad", "🗓️"], ["bell", "🔔"],
  ["no_bell", "🔕"], ["loudspeaker", "📢"], ["mega", "📣"], ["speech_balloon", "💬"],
  ["thought_balloon", "💭"], ["eyes", "👀"], ["mag", "🔍"], ["mag_right", "🔎"], ["lock", "🔒"],
  ["unlock", "🔓"], ["key", "🔑"], ["link", "🔗"], ["paperclip", "📎"], ["pushpin", "📌"],
  ["round_pushpin", "📍"], ["scissors", "✂️"], ["wrench", "🔧"], ["hammer", "🔨"], ["gear", "⚙️"],
  ["shield", "🛡️"], ["scales", "⚖️"], ["microscope", "🔬"], ["camera", "📷"],
  ["video_camera", "📹"], ["telephone_receiver", "📞"], ["phone", "☎️"], ["iphone", "📱"],
  ["computer", "💻"], ["email", "📧"], ["envelope", "✉️"], ["incoming_envelope", "📨"],
  ["inbox_tray", "📥"], ["outbox_tray", "📤"], ["package", "📦"], ["mailbox", "📫"], ["memo", "📝"],
  ["pencil", "📝"], ["pencil2", "✏️"], ["page_facing_up", "📄"], ["bookmark_tabs", "📑"],
  ["clipboard", "📋"], ["file_folder", "📁"], ["open_file_folder", "📂"],
  ["card_index_dividers", "🗂️"], ["bar_chart", "📊"], ["chart_with_upwards_trend", "📈"],
  ["chart_with_downwards_trend", "📉"], ["receipt", "🧾"], ["ticket", "🎫"], ["label", "🏷️"],
  ["moneybag", "💰"], ["money_with_wings", "💸"], ["credit_card", "💳"], ["dollar", "💵"],
  ["yen", "💴"], ["euro", "💶"], ["bank", "🏦"], ["department_store", "🏬"],
  ["shopping_trolley", "🛒"], ["shopping_bags", "🛍️"], ["truck", "🚚"], ["articulated_lorry", "🚛"],
  ["airplane", "✈️"], ["ship", "🚢"], ["house", "🏠"], ["office", "🏢"], ["factory", "🏭"],
  ["construction", "🚧"], ["rotating_light", "🚨"], ["traffic_light", "🚥"], ["ambulance", "🚑"],
  ["fire_engine", "🚒"], ["wastebasket", "🗑️"],
  ["bust_in_silhouette", "👤"], ["busts_in_silhouette", "👥"], ["man", "👨"], ["woman", "👩"],
  ["cop", "👮"], ["detective", "🕵️"], ["female-detective", "🕵️‍♀️"], ["judge", "🧑‍⚖️"],
  ["technologist", "🧑‍💻"], ["baby", "👶"], ["older_man", "👴"], ["family", "👪"], ["runner", "🏃"],
  ["walking", "🚶"],
  ["one", "1️⃣"], ["two", "2️⃣"], ["three", "3️⃣"], ["four", "4️⃣"], ["five", "5️⃣"],
  ["six", "6️⃣"], ["seven", "7️⃣"], ["eight", "8️⃣"], ["nine", "9️⃣"], ["zero", "0️⃣"],
  ["keycap_ten", "🔟"], ["hash", "#️⃣"],
  ["sunny", "☀️"], ["cloud", "☁️"], ["umbrella", "☔"], ["snowflake", "❄️"], ["rainbow", "🌈"],
  ["ocean", "🌊"], ["earth_asia", "🌏"], ["globe_with_meridians", "🌐"], ["seedling", "🌱"],
  ["evergreen_tree", "🌲"], ["rose", "🌹"], ["four_leaf_clover", "🍀"], ["dog", "🐶"], ["cat", "🐱"],
  ["panda_face", "🐼"], ["bee", "🐝"], ["turtle", "🐢"], ["apple", "🍎"], ["lemon", "🍋"],
  ["pizza", "🍕"], ["ramen", "🍜"], ["rice", "🍚"], ["cake", "🍰"], ["birthday", "🎂"],
  ["coffee", "☕"], ["tea", "🍵"], ["beer", "🍺"], ["gift", "🎁"], ["balloon", "🎈"], ["dart", "🎯"],
  ["game_die", "🎲"], ["musical_note", "🎵"], ["checkered_flag", "🏁"],
  ["triangular_flag_on_post", "🚩"], ["cn", "🇨🇳"], ["us", "🇺🇸"], ["jp", "🇯🇵"], ["de", "🇩🇪"],
]);

let drawable = null;

// Whether this machine has a font with coloured emoji; boxes say less than a name does.
function canDraw() {
  if (drawable !== null) return drawable;
  const pen = new OffscreenCanvas(24, 24).getContext("2d");
  pen.font = "20px sans-serif";
  pen.fillText("\u{1F600}", 0, 20);
  const { data } = pen.getImageData(0, 0, 24, 24);
  drawable = data.some((value, n) => n % 4 === 0 && value !== data[n + 1]);
  return drawable;
}

// The character of a name such as "wave" or "wave::skin-tone-3"; null where there is none to draw.
export function emoji(name) {
  const found = EMOJI.get(name.replace(/::skin-tone-\d$/, ""));
  return found && canDraw() ? found : null;
}
