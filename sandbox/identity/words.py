"""What the consent page says, in English and Chinese, and what scopes mean."""

from typing import Final

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "asks": (
        "{app} is requesting permission to access the {team} Slack workspace",
        "{app} 请求访问 Slack 工作区 {team}",
    ),
    "asks_sign_in": (
        "Sign in to {app} with your account in {team}",
        "用您在 {team} 的账号登录 {app}",
    ),
    "as_bot": ("What will the app be able to do?", "应用将可以做什么？"),
    "as_you": ("What will it do in your name?", "它将以您的名义做什么？"),
    "who_you_are": ("What will it learn about you?", "它将知道您的哪些信息？"),
    "who": ("Continue as", "以谁的身份继续"),
    "where": ("Where should it post?", "它应在哪个频道发消息？"),
    "allow": ("Allow", "允许"),
    "cancel": ("Cancel", "取消"),
    "local": (
        "This is the sandbox: a workspace on this machine. Nobody asks for a password here.",
        "这里是沙盒：本机上的一个工作区，无需密码。",
    ),
    "wrong": ("Something went wrong", "出错了"),
    "invalid_client_id": ("Invalid client_id parameter", "client_id 参数无效"),
    "bad_response_type": (
        "response_type must be “code”",
        "response_type 必须为“code”",
    ),
    "invalid_scope": ("Invalid permissions requested: {scope}", "请求的权限无效：{scope}"),
    "other_team": ("The app asks for another workspace", "该应用请求的是另一个工作区"),
    "no_redirect": (
        "The app has no redirect URL: its manifest or the workspace file must name one",
        "该应用没有重定向地址：请在其 manifest 或工作区文件中写明",
    ),
    "bad_redirect_uri": (
        "redirect_uri did not match any configured URIs. Passed URI: {uri}",
        "redirect_uri 与已配置的地址都不相符。传入的地址：{uri}",
    ),
    "dead_ticket": (
        "This page was used already, or is too old. Go back to the app and start again.",
        "此页面已用过或已过期。请回到应用重新开始。",
    ),
    "no_person": ("Nobody here has that name", "这里没有这个人"),
    "no_channel": ("Choose a channel to post to", "请选择一个频道"),
}
_SCOPES: Final[dict[str, tuple[str, str]]] = {
    "openid": ("Who you are", "您是谁"),
    "profile": ("Your name, picture and language", "您的姓名、头像和语言"),
    "email": ("Your e-mail address", "您的邮箱地址"),
    "chat:write": ("Send messages", "发送消息"),
    "chat:write.public": (
        "Send messages to channels it is not a member of",
        "向未加入的频道发送消息",
    ),
    "commands": ("Add shortcuts and slash commands", "添加快捷方式和斜杠命令"),
    "channels:read": ("View basic information about public channels", "查看公开频道的基本信息"),
    "channels:join": ("Join public channels", "加入公开频道"),
    "channels:manage": ("Manage public channels and create new ones", "管理和新建公开频道"),
    "channels:history": ("View messages in public channels", "查看公开频道的消息"),
    "groups:read": ("View basic information about private channels", "查看私有频道的基本信息"),
    "groups:write": ("Manage private channels and create new ones", "管理和新建私有频道"),
    "groups:history": ("View messages in private channels", "查看私有频道的消息"),
    "im:read": ("View basic information about direct messages", "查看私信的基本信息"),
    "im:write": ("Start direct messages with people", "与人发起私信"),
    "im:history": ("View messages in direct messages", "查看私信的消息"),
    "users:read": ("View people in the workspace", "查看工作区的成员"),
    "users:read.email": ("View e-mail addresses of people", "查看成员的邮箱地址"),
    "files:read": ("View files shared where it is", "查看所在频道分享的文件"),
    "files:write": ("Upload, edit and delete files", "上传、编辑和删除文件"),
    "reactions:read": ("View emoji reactions", "查看表情回应"),
    "reactions:write": ("Add and edit emoji reactions", "添加和编辑表情回应"),
    "pins:read": ("View pinned content", "查看置顶内容"),
    "pins:write": ("Add and remove pinned messages", "添加和取消置顶消息"),
    "bookmarks:read": ("List bookmarks", "查看书签"),
    "bookmarks:write": ("Create, edit and remove bookmarks", "新建、编辑和删除书签"),
    "usergroups:read": ("View user groups", "查看用户组"),
    "links:read": ("View the addresses in messages", "查看消息中的网址"),
    "links:write": ("Show previews of addresses", "展示网址预览"),
    "app_mentions:read": ("View messages that mention it", "查看提及它的消息"),
    "incoming-webhook": ("Post messages to one channel", "向一个频道发送消息"),
    "search:read": ("Search the workspace's content", "搜索工作区的内容"),
}


def say(language: str, key: str, **parameters: object) -> str:
    """The sentence `key`; `language` is ``zh`` or ``en``."""
    return _WORDS[key][language == "zh"].format(**parameters)


def meaning(language: str, scope: str) -> str:
    """What a scope allows, in words; empty where only its name says it."""
    found = _SCOPES.get(scope)
    return found[language == "zh"] if found else ""
