"""
The currencies by their ISO 4217 codes, and how money is rounded: once, at the end, half to even.

Each currency is a dimension of its own, as nothing but a rate that somebody states leads from one to the other.
"""

from __future__ import annotations

from fractions import Fraction

from webapp.calculations.engine.values import Unit, Units, Writing

# The codes by how many digits follow the point in their smallest coin, after ISO 4217.
_CODES_BY_DIGITS: dict[int, str] = {
    2: (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE"
        " CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL"
        " HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR"
        " MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK"
        " SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD"
        " XCD XCG YER ZAR ZMW ZWG"
    ),
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

# Where several countries use a sign it stands for the one named here; the reading shows which.
SYMBOLS: dict[str, str] = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
    "₽": "RUB",
    "₺": "TRY",
    "₴": "UAH",
    "₪": "ILS",
    "₫": "VND",
    "₱": "PHP",
    "₦": "NGN",
    "₡": "CRC",
    "₲": "PYG",
    "₸": "KZT",
    "₮": "MNT",
    "₭": "LAK",
    "₾": "GEL",
    "₼": "AZN",
    "₵": "GHS",
    "֏": "AMD",
    "฿": "THB",
    "៛": "KHR",
}

_DIGITS: dict[str, int] = {code: digits for digits, codes in _CODES_BY_DIGITS.items() for code in codes.split()}
_MADE: dict[str, Unit] = {}


def list_codes() -> list[str]:
    """Return the codes in their order."""
    return sorted(_DIGITS)


def find_currency(word: str) -> Unit | None:
    """Return the currency of a code in capitals or of a symbol."""
    code = SYMBOLS.get(word, word)
    unit = _MADE.get(code)
    if unit is None and code in _DIGITS:
        made = Unit(code, ((code, 1),), Fraction(1), writing=Writing.MONEY, decimals=_DIGITS[code])
        unit = _MADE.setdefault(code, made)
    return unit


def currency_of(units: Units) -> Unit | None:
    """Return the currency if this is plain money, to be rounded to its smallest coin; an hourly rate is not."""
    if len(units) == 1:
        unit, exponent = units[0]
        if exponent == 1 and unit.writing is Writing.MONEY:
            return unit
    return None


def least_decimals(units: Units) -> int:
    """Return how many decimals are shown at least: as many as the coins of the first currency in it have."""
    for unit, _ in units:
        if unit.writing is Writing.MONEY:
            return unit.decimals
    return 0


def round_money(number: Fraction, decimals: int) -> Fraction:
    """Round an amount to so many decimals, half to even, as banks do."""
    return round(number, decimals) if decimals else Fraction(round(number))
