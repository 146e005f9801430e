"""Who counts as a person, by what requests really say of themselves."""

import pytest

from loa.measure.rules.robots import is_robot

CHROME = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko)"
)
PEOPLE = [
    CHROME,
    f"{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/520.0.0.38;FBDV/iPhone16,2;FBLC/vi_VN]",
    f"{IPHONE} Mobile/15E148 Instagram 390.0.0.28.85 (iPhone16,2; iOS 18_5; vi_VN)",
    f"{CHROME} Zalo android/24121 ZaloTheme/light ZaloLanguage/vi",
    f"{CHROME} musical_ly_2023805030 BytedanceWebview/d8a21c6",
    "Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 Chrome/139.0 Mobile",
    "Opera/9.80 (Android; Opera Mini/81.0/191.361; U; vi) Presto/2.12.423 Version/12.16",
    f"{CHROME} SamsungBrowser/28.0",
    f"{CHROME} coc_coc_browser/138.0.0",
]
ROBOTS = [
    "",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; facebookexternalhit/1.1)",
    "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "WhatsApp/2.24.20.89 A",
    "TelegramBot (like TwitterBot)",
    "Twitterbot/1.0",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Mastodon/4.5.0 (http.rb/5.2.0; +https://mastodon.example/) Bot",
    "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    f"{CHROME} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; coccocbot-web/1.0; +http://help.coccoc.com/searchengine)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15 (Applebot/0.1)",
    "python-requests/2.32.3",
    "curl/8.14.1",
    "Go-http-client/2.0",
    "okhttp/4.12.0",
    "Loa/0.1 (social media desk)",
]


@pytest.mark.parametrize("agent", PEOPLE)
def test_browsers_also_those_inside_apps_are_people(agent: str) -> None:
    assert not is_robot({"User-Agent": agent})


@pytest.mark.parametrize("agent", ROBOTS)
def test_what_fetches_previews_or_crawls_is_no_person(agent: str) -> None:
    assert is_robot({"User-Agent": agent})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Sec-Purpose", "prefetch"),
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
        ("X-Purpose", "preview"),
        ("X-Moz", "prefetch"),
    ],
)
def test_looking_ahead_is_no_click(name: str, value: str) -> None:
    assert is_robot({"User-Agent": CHROME, name: value})
