"""Codes for local governments as they are found in files: without leading zero, without check digit, as floats.

Source: Ministry of Internal Affairs and Communications, 全国地方公共団体コード; prefectures by JIS X 0401.
"""

from __future__ import annotations

PREFECTURES: tuple[str, ...] = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県", "埼玉県", "千葉県",
    "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県",
    "香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)  # fmt: skip
"""The 47 prefectures; the place in the list, from 1, is the code of JIS X 0401."""


def is_local_government_code(code: str) -> bool:
    """Modulus 11 of the first five digits with weights 6 to 2 (MIC, 全国地方公共団体コード仕様).

    >>> is_local_government_code("131032"), is_local_government_code("131033")
    (True, False)
    """
    total = sum(int(d) * w for d, w in zip(code[:5], (6, 5, 4, 3, 2), strict=True))
    return int(code[5]) == (11 - total % 11) % 10


def readings(digits: str) -> dict[str, tuple[str, ...]]:
    """Every code of six digits that ``digits`` can stand for, with what was repaired to get it.

    Five digits are a code that lost its leading zero (the check digit must fit) or one without check digit; four are
    both at once.

    >>> readings("92011")
    {'092011': ('leading-zero',)}
    >>> readings("13103")
    {'131032': ('check-digit',)}
    >>> sorted(readings("12106"))
    ['012106', '121061']
    """
    if len(digits) == 6:
        return {digits: ()} if is_local_government_code(digits) else {}
    found: dict[str, tuple[str, ...]] = {}
    if len(digits) == 5 and is_local_government_code("0" + digits) and _plausible("0" + digits):
        found["0" + digits] = ("leading-zero",)
    if len(digits) == 5 and _plausible(digits):
        found[with_check_digit(digits)] = ("check-digit",)
    if len(digits) == 4 and _plausible("0" + digits):
        found[with_check_digit("0" + digits)] = ("leading-zero", "check-digit")
    return found


def with_check_digit(five: str) -> str:
    """The code of six digits for the five before its check digit.

    >>> with_check_digit("13103")
    '131032'
    """
    return next(five + digit for digit in "0123456789" if is_local_government_code(five + digit))


def prefecture_code(text: str) -> str | None:
    """The two digits of the prefecture that an address begins with."""
    for place, name in enumerate(PREFECTURES, 1):
        if text.startswith(name):
            return f"{place:02}"
    return None


def _plausible(code: str) -> bool:
    """Prefectures are 01 to 47; municipalities have 000 (the prefecture itself) or 100 to 799."""
    municipality = code[2:5]
    return 1 <= int(code[:2]) <= len(PREFECTURES) and (municipality == "000" or "100" <= municipality <= "799")
