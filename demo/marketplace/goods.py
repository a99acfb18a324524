"""What is sold, and what goes wrong with it, in Chinese and in English."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goods:
    """Something sold: its name in both languages, its price in yuan and in euros, whole ones.

    `category` is what an agent of the standard workflow would choose for it.
    """

    zh: str
    en: str
    yuan: tuple[int, int]
    euros: tuple[int, int]
    category: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, in both languages; `{goods}` stands for what was bought.

    `reason` is what an agent of the standard workflow would choose for it; it happens to goods of
    the categories in `only`, or to all.
    """

    zh: str
    en: str
    reason: str
    only: tuple[str, ...] = ()
    told: bool = False  # the buyer has said already of which sort it is


GOODS = (
    Goods("电饭煲 4L", "Rice cooker, 4 l", (199, 499), (39, 89), "appliance"),
    Goods("无线蓝牙耳机", "Wireless earphones", (129, 899), (25, 149), "digital"),
    Goods("智能手机 256G", "Smartphone, 256 GB", (1999, 5999), (299, 899), "digital"),
    Goods("羊绒围巾", "Cashmere scarf", (159, 699), (35, 120), "apparel"),
    Goods("跑步鞋", "Running shoes", (259, 899), (49, 139), "sports"),
    Goods("精华液 30ml", "Face serum, 30 ml", (189, 899), (29, 99), "beauty"),
    Goods("婴儿奶粉 800g", "Infant formula, 800 g", (198, 398), (22, 45), "baby"),
    Goods("冷冻三文鱼 1kg", "Frozen salmon, 1 kg", (139, 299), (28, 55), "food"),
    Goods("实木餐桌", "Solid wood table", (1299, 3999), (189, 599), "home"),
    Goods("积木玩具套装", "Building brick set", (99, 599), (19, 99), "baby"),
    Goods("机械键盘", "Mechanical keyboard", (199, 899), (45, 179), "computer"),
    Goods("真皮手提包", "Leather handbag", (399, 4999), (79, 899), "apparel"),
)

TROUBLES = (
    Trouble(
        "快递显示已签收，但我根本没有收到{goods}，物业和门卫也没有代收。商家只说让我等。",
        "Tracking says that the {goods} was delivered, but nobody here has received it."
        " The shop only tells me to wait.",
        "false_delivery",
    ),
    Trouble(
        "收到{goods}时外箱被压扁，里面已经破损，当时就拍了照片。联系商家三天没有回复。",
        "The {goods} came in a crushed box and is broken; I took photos at once."
        " The shop has not answered for three days.",
        "damaged",
    ),
    Trouble(
        "{goods}用了两天就出故障，按说明书操作也没用。商家说是人为损坏，拒绝退款。",
        "The {goods} stopped working after two days although I followed the manual."
        " The shop says that I broke it and refuses a refund.",
        "faulty",
        only=("appliance", "digital", "computer"),
    ),
    Trouble(
        "收到的{goods}颜色和型号都不对，页面写的不是这个。商家让我自己出运费寄回去。",
        "The {goods} is another colour and model than the page showed."
        " The shop wants me to pay for sending it back.",
        "not_as_described",
        only=("appliance", "digital", "computer", "apparel", "sports", "home"),
    ),
    Trouble(
        "怀疑{goods}是假货，防伪码查询不到，包装印刷也很粗糙。要求退一赔三。",
        "I believe that the {goods} is counterfeit: its security code is unknown and the print"
        " is poor. I want my money back.",
        "counterfeit",
    ),
    Trouble(
        "订单里应该有两件，只收到一件{goods}，商家坚持说发全了。",
        "Two were ordered and only one {goods} was in the parcel. The shop insists it sent both.",
        "missing_item",
    ),
    Trouble(
        "用了{goods}之后浑身起疹子，去医院看了，医生说是过敏。商家只肯退一半。",
        "After the {goods} I had a rash all over; the doctor calls it an allergy."
        " The shop offers half of the price.",
        "unsafe",
        only=("beauty", "food"),
        told=True,
    ),
    Trouble(
        "{goods}送到时已经变味，包装上的日期也过了。商家说冷链没有问题。",
        "The {goods} smelled bad when it came, and its date had passed."
        " The shop says that its cold chain is fine.",
        "spoiled",
        only=("food",),
        told=True,
    ),
    Trouble(
        "商家答应给{goods}退款，已经过去半个月还没到账，再问就不理人了。",
        "The shop promised to refund the {goods} two weeks ago. Nothing has arrived,"
        " and it no longer answers.",
        "refund_unpaid",
    ),
)

# What cannot wait for anybody's turn: its reason, and how buyers tell it.
EMERGENCIES = (
    (
        "account_stolen",
        "我的账户在陌生设备上登录，刚被下了三笔订单，请马上冻结！",
        "Somebody signed in to my account and has just placed three orders. Please lock it now!",
    ),
    (
        "payment_error",
        "同一笔订单被扣了两次款，银行说要平台处理，今晚要还信用卡。",
        "I was charged twice for one order; the bank sends me to you, and my card is due tonight.",
    ),
    (
        "account_frozen",
        "账户突然被冻结，余额取不出来，客服电话一直占线。",
        "My account was frozen without a word and I cannot reach my balance.",
    ),
)

SAID = {
    "buyer": (
        "照片和说明见附件，请尽快处理。",
        "Please see the attached; I hope for a quick answer.",
    ),
    "merchant": ("我方出库和物流记录见附件。", "Our outbound and tracking records are attached."),
    "carrier": ("派送记录见附件。", "The delivery record is attached."),
}
