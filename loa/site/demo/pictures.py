"""Draw the café's pictures: flat, calm, without a word on them, the same every time."""

from collections.abc import Callable, Sequence

from loa.site.demo.sketch import Sheet

WOOD, WOOD_DARK = "#c98f5a", "#a86f40"
COFFEE, CREMA, MILK = "#4a2a1a", "#a8683c", "#f3e3cb"
STEEL, STEEL_DARK, STEEL_LIGHT = "#b9c2c6", "#8a979d", "#dde4e6"
GLASS, ICE = "#dceaea", "#f2f9f9"
LEAF, LEAF_DARK = "#4f8a5b", "#356b46"
BEAN, BEAN_DARK = "#6b4027", "#43240f"


def draw(name: str, *, colour: str = "", light: str = "") -> bytes:
    """Return a picture as PNG. colour, light: of its ground and of what stands out on it."""
    picture, ground, accent = PICTURES[name]
    return picture(colour or ground, light or accent).encoded()


def _phin(ground: str, accent: str) -> Sheet:
    """Draw a phin on a glass, on a table by the window."""
    sheet = Sheet(ground)
    sheet.disc((860, 330), 190, accent)
    _table(sheet, 880)
    sheet.box((430, 560, 770, 1010), GLASS, round_by=46)
    sheet.box((458, 800, 742, 982), COFFEE, round_by=34)
    sheet.box((458, 930, 742, 984), MILK, round_by=30)
    for y in (640, 700, 756):
        sheet.disc((600, y), 11, COFFEE)
    sheet.box((372, 536, 828, 574), STEEL_DARK, round_by=18)
    sheet.shape([(446, 540), (754, 540), (778, 300), (422, 300)], STEEL)
    sheet.shape([(446, 540), (520, 540), (506, 300), (422, 300)], STEEL_LIGHT)
    sheet.box((396, 268, 804, 308), STEEL_DARK, round_by=18)
    sheet.box((440, 236, 760, 276), STEEL, round_by=18)
    sheet.disc((600, 222), 26, STEEL_DARK)
    return sheet


def _glass(ground: str, layers: Sequence[str], straw: str) -> Sheet:
    """Draw a tall glass on a coaster, its drink in layers from top to bottom."""
    sheet = Sheet(ground)
    sheet.oval((300, 960, 900, 1080), WOOD_DARK)
    sheet.oval((300, 940, 900, 1056), WOOD)
    sheet.line([(690, 330), (770, 90)], straw, width=24)
    sheet.shape([(398, 250), (802, 250), (752, 1010), (448, 1010)], GLASS)
    top, bottom = 340.0, 985.0
    step = (bottom - top) / len(layers)
    for number, colour in enumerate(layers):
        high, low = top + step * number, top + step * (number + 1)
        sheet.shape(
            [
                (_edge(high), high),
                (1200 - _edge(high), high),
                (1200 - _edge(low), low),
                (_edge(low), low),
            ],
            colour,
        )
    for x, y in ((452, 300), (588, 286), (520, 396), (650, 384)):
        sheet.box((x, y, x + 108, y + 104), ICE, round_by=22)
        sheet.box((x + 14, y + 14, x + 60, y + 34), GLASS, round_by=9)
    sheet.line([(436, 420), (462, 880)], ICE, width=16)
    return sheet


def _edge(y: float) -> float:
    """Return where the glass of `_glass` has its left wall, inside."""
    return 422 + (y - 250) / 760 * 50


def _iced_milk(ground: str, accent: str) -> Sheet:
    return _glass(ground, [COFFEE, COFFEE, CREMA, MILK], accent)


def _white(ground: str, accent: str) -> Sheet:
    return _glass(ground, [CREMA, "#cfa27c", MILK, MILK], accent)


def _tea(ground: str, accent: str) -> Sheet:
    return _glass(ground, ["#d9772f", "#e0903f", "#eba958", "#f2c27b"], accent)


def _beans(ground: str, accent: str) -> Sheet:
    """Draw beans all over, a few of them green."""
    sheet = Sheet(ground)
    for number, point in enumerate(sheet.scattered(46, (20, 20, 1180, 1180), apart=150)):
        colours = (BEAN, BEAN_DARK) if number % 9 else (accent, LEAF_DARK)
        sheet.bean(point, 66 + number % 4 * 7, sheet.chance.uniform(0, 180), colours)
    return sheet


def _river(ground: str, accent: str) -> Sheet:
    """Draw a morning on the river: the sun, the far bank, one boat."""
    sheet = Sheet(ground, height=900)
    sheet.disc((820, 430), 150, accent)
    for x, size in ((60, 60), (190, 96), (330, 70), (520, 110), (690, 64), (900, 90), (1080, 76)):
        sheet.disc((x, 500), size, LEAF_DARK)
    sheet.box((0, 490, 1200, 900), "#6fa3a8")
    for y, x, length in ((540, 720, 220), (590, 760, 150)):
        sheet.wave((x, y), length, accent)
    for y, x, length in ((650, 90, 260), (700, 700, 300), (770, 240, 220), (830, 820, 260)):
        sheet.wave((x, y), length, "#8dbabd")
    sheet.shape([(250, 640), (690, 640), (620, 730), (330, 730)], "#7a4a2b")
    sheet.shape([(250, 640), (690, 640), (680, 656), (262, 656)], "#a9673b")
    sheet.disc((352, 684), 17, "#f6efe2")
    sheet.disc((352, 684), 8, "#2c2620")
    sheet.line([(560, 640), (560, 520)], "#3a3a44", width=34)
    sheet.disc((560, 490), 24, "#d9a679")
    sheet.shape([(496, 486), (624, 486), (560, 436)], "#ecd9a8")
    sheet.line([(600, 560), (760, 760)], "#5e3a22", width=10)
    return sheet


def _market(ground: str, accent: str) -> Sheet:
    """Draw boats of the floating market from above, full of fruit."""
    sheet = Sheet(ground, height=900)
    for x, y in sheet.scattered(16, (20, 30, 1000, 870), apart=170):
        sheet.wave((x, y), 150, accent)
    fruit = ("#e3683e", "#f0b93b", "#8db94c", "#d9485a", "#f6d77a")
    for number, (x, y) in enumerate(((90, 90), (560, 190), (130, 430), (640, 560), (60, 700))):
        left = [(x + 80, y + 140), (x, y + 70), (x + 80, y)]
        sheet.shape([*left, (x + 410, y), (x + 500, y + 70), (x + 410, y + 140)], WOOD_DARK)
        sheet.box((x + 84, y + 18, x + 400, y + 122), WOOD, round_by=26)
        for column in range(5):
            for row in range(2):
                colour = fruit[(number + column // 2) % len(fruit)]
                sheet.disc((x + 124 + column * 52, y + 46 + row * 48), 23, colour)
        sheet.disc((x + 436, y + 70), 32, "#ecd9a8")
        sheet.disc((x + 436, y + 70), 9, "#cfb679")
    return sheet


def _roaster(ground: str, accent: str) -> Sheet:
    """Draw the roasting machine, beans in its tray."""
    sheet = Sheet(ground)
    sheet.box((0, 980, 1200, 1200), "#7d5a44")
    sheet.line([(780, 470), (780, 120), (1010, 120), (1010, 0)], STEEL_DARK, width=64)
    sheet.shape([(430, 170), (690, 170), (610, 380), (510, 380)], STEEL)
    sheet.box((330, 360, 850, 840), accent, round_by=60)
    sheet.disc((560, 600), 190, STEEL_DARK)
    sheet.disc((560, 600), 156, COFFEE)
    for x, y in ((500, 560), (590, 540), (640, 630), (540, 660), (470, 640), (590, 710)):
        sheet.bean((x, y), 36, x % 170, (BEAN, BEAN_DARK))
    sheet.box((380, 830, 450, 1000), STEEL_DARK, round_by=8)
    sheet.box((740, 830, 810, 1000), STEEL_DARK, round_by=8)
    sheet.oval((90, 880, 560, 1040), STEEL_DARK)
    sheet.oval((116, 890, 534, 1010), BEAN_DARK)
    for x in range(170, 500, 62):
        sheet.bean((x, 940 + x % 3 * 12), 27, x, (BEAN, BEAN_DARK))
    for y in (450, 520, 590):
        sheet.disc((796, y), 17, MILK)
    return sheet


def _bag(ground: str, accent: str) -> Sheet:
    """Draw a bag of fresh beans."""
    sheet = Sheet(ground)
    sheet.oval((250, 1010, 950, 1110), "#b4c1ac")
    sheet.shape([(350, 260), (850, 260), (890, 1060), (310, 1060)], accent)
    sheet.shape([(350, 260), (850, 260), (856, 360), (344, 360)], "#e9ddc8")
    sheet.line([(352, 308), (850, 308)], "#c9b795", width=10)
    sheet.box((440, 500, 760, 880), "#f4ead8", round_by=26)
    sheet.bean((600, 640), 96, 60, (BEAN, BEAN_DARK))
    sheet.line([(520, 790), (680, 790)], WOOD, width=14)
    sheet.line([(550, 832), (650, 832)], WOOD, width=14)
    for x, y, angle in ((190, 1010, 20), (270, 1086, 80), (960, 1020, 130), (1040, 1090, 40)):
        sheet.bean((x, y), 52, angle, (BEAN, BEAN_DARK))
    return sheet


def _latte(ground: str, accent: str) -> Sheet:
    """Draw a cup from above, a heart in its foam."""
    sheet = Sheet(ground)
    sheet.disc((600, 600), 450, "#efe6d8")
    sheet.disc((600, 600), 400, "#e3d6c2")
    sheet.box((900, 540, 1120, 660), accent, round_by=60)
    sheet.disc((600, 600), 330, accent)
    sheet.disc((600, 600), 288, CREMA)
    sheet.disc((600, 600), 240, "#b97a4b")
    for x in (536, 664):
        sheet.disc((x, 548), 88, MILK)
    sheet.shape([(454, 584), (746, 584), (600, 778)], MILK)
    sheet.line([(150, 300), (330, 140)], STEEL, width=30)
    sheet.disc((350, 124), 52, STEEL)
    return sheet


def _bread(ground: str, accent: str) -> Sheet:
    """Draw a filled bánh mì on a board."""
    sheet = Sheet(ground)
    sheet.box((110, 420, 1090, 980), WOOD, round_by=70)
    sheet.box((110, 900, 1090, 980), WOOD_DARK, round_by=40)
    sheet.box((200, 640, 1000, 840), "#d98d3e", round_by=100)
    sheet.box((230, 650, 970, 720), "#f7e6c4", round_by=30)
    for number, x in enumerate(range(260, 960, 58)):
        sheet.leaf((x, 700), 150, -78 + number % 4 * 12, LEAF if number % 2 else LEAF_DARK)
        sheet.disc((x + 24, 690), 30, ("#e8643c", "#f5f0e4", "#d9485a")[number % 3])
    sheet.box((190, 480, 1010, 650), "#eba556", round_by=85)
    for x in (330, 500, 670, 840):
        sheet.line([(x, 600), (x + 70, 530)], "#f6d29c", width=22)
    sheet.disc((960, 240), 120, accent)
    sheet.disc((960, 240), 92, COFFEE)
    for x in (920, 990):
        sheet.steam(x, 120, "#fffaf0", height=90)
    return sheet


def _flowers(ground: str, accent: str) -> Sheet:
    """Draw flowers in a vase beside a cup."""
    sheet = Sheet(ground)
    _table(sheet, 930)
    blooms = ((420, 330), (560, 230), (690, 350), (500, 470), (640, 500), (780, 500), (360, 520))
    for x, y in blooms:
        sheet.line([(590, 760), (x, y)], LEAF_DARK, width=12)
    for angle in (-150, -120, -60, -30):
        sheet.leaf((590, 720), 230, angle, LEAF)
    for number, (x, y) in enumerate(blooms):
        petal = accent if number % 3 else "#fff4ec"
        sheet.flower((x, y), 82, petal, "#f2b441", petals=6)
    sheet.shape([(470, 680), (710, 680), (660, 1040), (520, 1040)], "#e7eef0")
    sheet.shape([(470, 680), (530, 680), (560, 1040), (520, 1040)], "#f7fbfb")
    _cup(sheet, 840, 880, "#f6efe2")
    return sheet


def _tet(ground: str, accent: str) -> Sheet:
    """Draw yellow apricot blossom and red envelopes."""
    sheet = Sheet(ground)
    sheet.line([(0, 420), (300, 360), (620, 250), (1000, 230)], "#6b4528", width=34)
    sheet.line([(330, 350), (470, 160), (520, 60)], "#6b4528", width=20)
    sheet.line([(640, 250), (830, 420), (900, 560)], "#6b4528", width=20)
    along = ((170, 390), (400, 330), (620, 260), (760, 220), (1000, 230))
    for x, y in (*along, (470, 170), (540, 70), (850, 440), (900, 560)):
        sheet.flower((x, y), 84, accent, "#c9582f")
    for x, y in ((280, 300), (720, 330), (930, 350), (600, 150)):
        sheet.disc((x, y), 22, "#e9a92f")
    for x, y, colour in ((300, 760, "#b8322f"), (520, 700, "#d1453b")):
        sheet.box((x, y, x + 300, y + 420), colour, round_by=22)
        sheet.shape([(x + 8, y), (x + 292, y), (x + 150, y + 130)], "#8f2425")
        sheet.disc((x + 150, y + 236), 62, "#f1c550")
        sheet.disc((x + 150, y + 236), 40, colour)
    return sheet


def _rain(ground: str, accent: str) -> Sheet:
    """Draw rain on the window, a warm cup inside."""
    sheet = Sheet(ground)
    sheet.box((120, 90, 1080, 850), "#7f9aa3", round_by=30)
    for left, top in ((180, 520), (360, 430), (560, 560), (760, 470), (930, 540)):
        sheet.box((left, top, left + 150, 850), "#6c868f")
        sheet.box((left + 40, top + 50, left + 72, top + 90), accent)
    for x, y in sheet.scattered(40, (140, 110, 1060, 800), apart=95):
        sheet.line([(x, y), (x - 14, y + 46)], "#cfe0e4", width=7)
    sheet.box((580, 90, 620, 850), "#efe6d8")
    sheet.box((120, 440, 1080, 474), "#efe6d8")
    sheet.box((60, 850, 1140, 930), "#efe6d8", round_by=14)
    sheet.box((0, 930, 1200, 1200), WOOD)
    _cup(sheet, 330, 760, "#f6efe2")
    return sheet


def _street(ground: str, accent: str) -> Sheet:
    """Draw low stools on the pavement, under an awning."""
    sheet = Sheet(ground, height=900)
    sheet.box((0, 650, 1200, 900), "#b9a999")
    for number in range(8):
        colour = accent if number % 2 else "#fbf3e6"
        left = number * 150
        sheet.box((left, 60, left + 150, 210), colour)
        sheet.pie((left, 150, left + 150, 270), 0, 180, colour)
    sheet.box((430, 560, 770, 596), STEEL, round_by=14)
    for x in (460, 730):
        sheet.line([(x, 590), (x, 780)], STEEL_DARK, width=16)
    for x, colour in ((170, "#c8453c"), (860, "#2f6fa3")):
        sheet.box((x, 640, x + 190, 676), colour, round_by=14)
        for leg in (x + 22, x + 168):
            sheet.line([(leg, 670), (leg, 800)], colour, width=22)
        sheet.box((x + 16, 720, x + 174, 738), colour, round_by=8)
    for x in (500, 640):
        sheet.box((x, 456, x + 70, 562), GLASS, round_by=12)
        sheet.box((x + 8, 492, x + 62, 554), COFFEE, round_by=8)
    for x in (60, 1080):
        sheet.box((x, 560, x + 80, 690), "#a9573a", round_by=14)
        for angle in (-130, -110, -90, -70, -50):
            sheet.leaf((x + 40, 570), 170, angle, LEAF)
    return sheet


def _moon(ground: str, accent: str) -> Sheet:
    """Draw the full moon over the water, lanterns on it."""
    sheet = Sheet(ground, height=900)
    sheet.disc((600, 300), 190, accent)
    sheet.disc((540, 250), 34, "#eadba6")
    sheet.disc((660, 350), 48, "#eadba6")
    sheet.box((0, 560, 1200, 900), "#24406b")
    for y, length in ((600, 320), (650, 240), (700, 300), (760, 180), (820, 260)):
        sheet.wave((600 - length / 2, y), length, accent)
    for x, y, size in ((180, 680, 60), (330, 790, 74), (880, 700, 64), (1030, 800, 78)):
        low = y + 44
        rim = [(x - size, y), (x + size, y), (x + size * 0.7, low), (x - size * 0.7, low)]
        sheet.shape(rim, "#d9557a")
        for angle in (-140, -115, -90, -65, -40):
            sheet.leaf((x, y + 16), size, angle, "#f08aa5")
        sheet.disc((x, y - 14), 18, "#ffe9a8")
    for x, y in ((120, 130), (300, 220), (930, 110), (1080, 240), (210, 380), (980, 420)):
        sheet.disc((x, y), 6, "#f7edc8")
    return sheet


def _table(sheet: Sheet, top: float) -> None:
    sheet.box((0, top, 1200, sheet.height), WOOD)
    sheet.box((0, top, 1200, top + 16), "#dba873")
    for y, left in ((top + 90, 80), (top + 170, 560), (top + 240, 220)):
        sheet.line([(left, y), (left + 420, y)], WOOD_DARK, width=6)


def _cup(sheet: Sheet, x: float, y: float, colour: str) -> None:
    """Draw a steaming cup that stands with its left top corner at x, y."""
    sheet.arc((x + 160, y + 20, x + 270, y + 130), -90, 90, colour, width=24)
    sheet.shape([(x, y), (x + 220, y), (x + 180, y + 170), (x + 40, y + 170)], colour)
    sheet.oval((x, y - 24, x + 220, y + 24), "#e3d6c2")
    sheet.oval((x + 16, y - 16, x + 204, y + 18), COFFEE)
    sheet.oval((x - 30, y + 158, x + 250, y + 196), "#e3d6c2")
    for away in (70, 150):
        sheet.steam(x + away, y - 40, "#fffaf0", height=120)


# Name, what draws it, the colour of its ground, and of what stands out.
PICTURES: dict[str, tuple[Callable[[str, str], Sheet], str, str]] = {
    "phin": (_phin, "#dfe7dc", "#f6c886"),
    "iced milk": (_iced_milk, "#f0c59a", "#c8453c"),
    "white coffee": (_white, "#cfdcd3", "#2f6f6a"),
    "tea": (_tea, "#f7e3c3", "#4f8a5b"),
    "beans": (_beans, "#e2c9a6", "#7fa35c"),
    "river": (_river, "#f6d2b0", "#f3924f"),
    "market": (_market, "#7fb0ac", "#a3cac5"),
    "roaster": (_roaster, "#e7d7bf", "#b04a3a"),
    "bag": (_bag, "#cfd9c8", "#2f5d57"),
    "latte": (_latte, "#b98b6a", "#fbf6ec"),
    "bread": (_bread, "#f2dcb8", "#fbf6ec"),
    "flowers": (_flowers, "#f4dfdc", "#e0708a"),
    "tet": (_tet, "#f7e0b0", "#f6c335"),
    "rain": (_rain, "#d9cbb8", "#f6d27a"),
    "street": (_street, "#f3dfb6", "#2f7a72"),
    "moon": (_moon, "#16284a", "#f6ecc4"),
}
