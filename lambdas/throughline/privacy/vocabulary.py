"""The words by which secrets are named, led up to and talked about."""

from typing import Final


def listed(text: str) -> tuple[str, ...]:
    """The words of a text, in order."""
    return tuple(text.split())


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


# "Zip code 12345" is no secret.
PUBLIC: Final = words(
    """
    zip postal post area country sort branch swift bank bic routing promo promotion promotional
    discount coupon voucher referral error status product item order tracking booking reference qr
    bar dress source reason merchant store category currency state city dial dialing dialling
    language building flight airport reservation
    """
)
LEADS_ON: Final = words(
    """
    is it its s was are be were a the my our your new old number numbers no nr digits digit for card
    cards account debit credit savings checking current to from as equals equal should will would i
    think believe guess um uh er erm hmm and you sent me just got get received texted says said say
    here heres goes that thats this these please ok okay on of back called changed set currently use
    using enter entered typed type reads code codes pin pins cvv cvc password security value sure
    yes well so oh then now re follows following temporary last four three online banking phone by
    sms text email message
    """
)
QUANTITIES: Final = words(
    """
    dollar dollars usd bucks buck euro euros eur pound pounds gbp cents cent percent am pm days day
    weeks week hours hour minutes minute months month years year times
    """
)
COPULAS: Final = words(
    """
    is was s are as be
    """
)
POINTERS: Final = words(
    """
    my the our your a new old card cards debit credit account current that this it for of
    """
)
# What people say about a password without saying it.
ABOUT_PASSWORDS: Final = words(
    """
    not wrong expired incorrect invalid locked blocked missing forgotten lost gone too no longer
    being been rejected refused never weak working work works doesn t isn didn won can cannot don
    help me please reset change changed changing update updated recover recovery and or but again
    anymore any more today yesterday now it i m ve my the a an this that what why how do does did to
    you for of in on at with from by when if because so safe secure protected manager policy hint
    problem problems issue issues trouble link page screen field email requirements rules is was has
    have had be need needs needed want forgot remember know see send get got new old online banking
    account app login log sign website after before just still also then there here hacked stolen
    compromised keep keeps failing fails failed accepted required asked asking over phone bot agent
    someone person out up off hi hello thanks thank could would should will your our
    """
)
ASKS: Final = words(
    """
    what what's whats where which this that here who when why how it there and or only problem issue
    question s thing matter
    """
)
# Words after which a number begins anew as the same secret: "from 1234 to 5678", "4821, no wait, 4822".
AGAIN: Final = words(
    """
    to not or from into but no wait sorry actually i mean meant rather instead of it s is the new
    one old my and then
    """
)
# Any of these may name a secret: a text without them, and with few digits, has none.
NAMES: Final = words(
    """
    pin pins p code codes passcode passcodes cvv cvvs cvc cvcs csc c otp otps o password passwords
    pass passphrase passphrases pwd passwd word time verification ssn ssns s social socials iban fa
    """
)
# What the nearest of these words says that a long number is.
CARD_WORDS: Final = words(
    """
    card cards visa mastercard amex maestro discover debit credit
    """
)
ORDER_WORDS: Final = words(
    """
    order orders tracking track package parcel shipment invoice reference ref confirmation booking
    case ticket claim imei serial iccid sim policy meter isbn ean barcode upc transaction
    """
)
SSN_WORDS: Final = words(
    """
    ssn ssns social itin taxpayer
    """
)
OTHER_WORDS: Final = words(
    """
    phone routing account zip fax mobile cell telephone call
    """
)
# Heard for a digit ("for" for four), beside one, where digits were asked for.
SOUNDS: Final = words(
    """
    for fore to too won ate tree nil naught
    """
)
