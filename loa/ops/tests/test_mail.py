"""One address says where e-mail goes."""

import pytest

from loa.ops.environment import WrongSetting
from loa.ops.mail import mailer, sender


def test_without_an_address_nothing_is_sent() -> None:
    assert mailer("")["BACKEND"].endswith("dummy.EmailBackend")


def test_smtps_is_encrypted_from_the_first_byte() -> None:
    options = mailer("smtps://ana:p%40ss@mail.example")["OPTIONS"]

    assert (options["host"], options["port"], options["password"]) == ("mail.example", 465, "p@ss")
    assert (options["use_ssl"], options["use_tls"]) == (True, False)


def test_smtp_is_encrypted_when_asked() -> None:
    options = mailer("smtp://mail.example:2525?tls=start")["OPTIONS"]

    assert (options["port"], options["use_ssl"], options["use_tls"]) == (2525, False, True)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_a_wrong_address_is_a_sentence_without_the_password(url: str) -> None:
    with pytest.raises(WrongSetting, match="LOA_EMAIL_URL is not of the form"):
        mailer(url)


def test_the_sender_is_named_or_made_from_the_public_host() -> None:
    assert sender("smtp://mail.example?from=hi@b.example", host="x") == "hi@b.example"
    assert sender("", host="loa.example") == "Loa <loa@loa.example>"
