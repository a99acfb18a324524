"""What the workspace itself says to a person, in their language."""

from sandbox.apps.outgoing import Answer
from sandbox.state.model import Person

_WORDS = {
    "timed_out": (
        "Operation timed out. Apps need to respond within 3 seconds.",
        "操作超时。应用必须在 3 秒内作出响应。",
    ),
    "status": (
        "This app responded with Status Code {status}.",
        "该应用返回了状态码 {status}。",
    ),
    "unreachable": ("This app could not be reached.", "无法连接到该应用。"),
    "trouble": ("We had some trouble connecting. Try again?", "连接出现问题，请重试。"),
    "command_failed": (
        '{name} failed with the error "{failure}"',
        "{name} 执行失败，错误为“{failure}”",
    ),
    "command_unknown": (
        "{name} is not a valid command. Messages that start with “/” are taken as commands.",
        "{name} 不是有效的命令。以“/”开头的消息都会被当作斜杠命令。",
    ),
    "required": ("Please complete this required field.", "请填写此必填字段。"),
    "too_short": ("Please enter at least {n} characters.", "请至少输入 {n} 个字符。"),
    "too_long": ("Please enter {n} characters at most.", "最多只能输入 {n} 个字符。"),
    "no_number": ("Please enter a number.", "请输入数字。"),
    "no_whole_number": ("Please enter a whole number.", "请输入整数。"),
    "too_small": ("Please enter {n} or more.", "请输入不小于 {n} 的数。"),
    "too_large": ("Please enter {n} or less.", "请输入不大于 {n} 的数。"),
    "no_email": ("Please enter a valid email address.", "请输入有效的邮箱地址。"),
    "no_url": ("Please enter a valid URL.", "请输入有效的网址。"),
}


def say(person: Person, key: str, **parameters: object) -> str:
    """The sentence `key` in the person's language."""
    english, chinese = _WORDS[key]
    return (chinese if person.locale.startswith("zh") else english).format(**parameters)


def warning(person: Person, answer: Answer) -> str:
    """What Slack shows beside a button whose app did not answer as it must."""
    if answer.failure == "operation_timeout":
        return say(person, "timed_out")
    if answer.status is not None:
        return say(person, "status", status=answer.status)
    return say(person, "unreachable")
