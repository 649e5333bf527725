"""The clerk's report in a browser: report.py FOLDER with NAME.html. Prints TAP."""
import os
import re
import shutil
import subprocess
import sys

from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from page import Page, Tap

folder = sys.argv[1]
tap = Tap()

# Contrast (WCAG 2.1, 1.4.3) of every element with text of its own against what is painted behind it.
CONTRAST = """
const parse = (s) => (s.match(/[0-9.]+/g) || []).map(Number);
const light = (c) => { const f = c.slice(0, 3).map((v) => { v /= 255;
  return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); });
  return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2]; };
const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
  if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
const ratio = (a, b) => { const x = light(a), y = light(b);
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05); };
const seen = {};
for (const e of document.querySelectorAll('body *')) {
  if (e.tagName === 'SCRIPT' || !e.getClientRects().length) continue;
  const own = Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.textContent.trim());
  const field = e.tagName === 'INPUT' && e.placeholder;
  if (!own && !field) continue;
  const front = parse(getComputedStyle(e, field ? '::placeholder' : null).color);
  const back = behind(e), name = front + ' on ' + back;
  seen[name] = ratio(front, back);
}
return seen;
"""


def path(name):
    return os.path.join(folder, name + ".html")


def visit(p, name):
    p.problems()  # what there is belongs to the page before
    p.open(path(name))


def status(p):
    return p.find("#status").text


def left(p, group="now"):
    return int(p.find("#" + group + " .left b").text)


def shown(p, css=".item"):
    return [e for e in p.all(css) if e.is_displayed()]


def active(p):
    return p.driver.switch_to.active_element


def press(p, *keys):
    ActionChains(p.driver).send_keys(*keys).perform()


def search(p, text):
    box = p.find("#q")
    box.clear()
    box.send_keys(text)


def no_alert(p):
    try:
        text = p.driver.switch_to.alert.text
        p.driver.switch_to.alert.dismiss()
        return "an alert says " + text
    except NoAlertPresentException:
        return ""


def opens_quietly(p):
    for name in ("ika", "houmon", "chozai", "henrei", "hostile"):
        for width in (1280, 390):
            p.resize(width)
            visit(p, name)
            tap.same(p.overflow(), 0, "%s at %d: no scrolling sideways" % (name, width))
        tap.ok(p.find("#tools").is_displayed(), name + ": the policy lets the script run")
        why = no_alert(p) or p.problems()
        tap.ok(not why, name + ": no error, no request, no alert", why)
    p.resize(1280)


def hostile(p):
    visit(p, "hostile")
    names = [e.text for e in p.all(".name")]
    tap.ok("<script>alert(2)</script>" in names, "a name that is a script is shown as text", names)
    tap.ok(any("\"><b>'9" in e.text for e in p.all(".karte")), "quotes in カルテ番号 are text")
    tap.ok(any(e.text == '" onmouseover="alert(3)' for e in p.all(".phone")), "quotes in a phone number are text")
    tap.ok("＜／ｓｃｒｉｐｔ＞＜ｓｃｒｉｐｔ＞ａｌｅｒｔ（４）" in p.find("#done").text, "so is a name of an insurer")
    tap.ok("</script><script>alert(5)</script>" in p.find("#todo").text, "so is the id of a capture")
    tap.ok("<img src=x onerror=alert(1)>.UKE" in p.find("#numbers").text, "so is the name of the file")
    tap.same(len(p.all("script")), 1, "there is one script")
    tap.same(len(p.all("img, iframe, object, embed, link, form, svg")), 0, "nothing was made of it")
    on = "return Array.from(document.querySelectorAll('*')).some(e => Array.from(e.attributes).some(a => /^on/.test(a.name)))"
    tap.ok(not p.js(on), "no element has a handler")
    search(p, "alert(2)")
    tap.ok(len(shown(p)) >= 1 and len(shown(p)) < len(p.all(".item")), "it can be searched for")
    tap.ok(not no_alert(p), "no alert was opened")


def contents(p):
    visit(p, "ika")
    tap.same(p.driver.execute_script("return document.documentElement.lang"), "ja", "the page is Japanese")
    tap.same(
        [e.text for e in p.all("main h2")],
        ["まだ人がすること", "書き換えたレセプト", "警告と情報", "件数とファイル"],
        "the sections are in order",
    )
    links = [a.get_attribute("href").split("#")[1] for a in p.all("nav a")]
    tap.same([i for i in links if not p.all("#" + i)], [], "every entry of the contents leads somewhere")
    counts = [int(n) for n in re.findall(r"(\d+) 件", p.find("nav").text)]
    lists = ["#now .item", "#after .item", "#done .item", "#notes .item"]
    tap.same(counts, [len(p.all(css)) for css in lists], "and its counts are true")
    for css, name in (("header", "header"), ("nav[aria-label]", "nav"), ("main", "main"), ("footer", "footer"),
                      ("[role=search][aria-label]", "search")):
        tap.same(len(p.all(css)), 1, "one landmark: " + name)
    unnamed = [e.get_attribute("outerHTML") for e in p.all("input, button") if not e.accessible_name]
    tap.same(unnamed, [], "every control has a name")
    tap.same(p.find("#status").get_attribute("aria-live"), "polite", "the count is read out")
    sevs = [e.get_attribute("class").split()[-1] for e in p.all("#now .card")]
    tap.same(sevs, sorted(sevs, key=["error", "warning"].index), "errors come first")
    doubled = p.js("const k = Array.from(document.querySelectorAll('[data-key]'), (e) => e.dataset.key);"
                   "return k.length - new Set(k).size")
    tap.same(doubled, 0, "every card has its own key")


def contrast(p):
    for button in p.all(".chips button")[:1]:
        button.click()
    p.find("#now .tick input").click()
    for name, css in (("with a button pressed and a card ticked", None), ("with all shown", "#clear")):
        if css:
            p.find(css).click()
        pairs = p.js(CONTRAST)
        low = {k: round(v, 2) for k, v in pairs.items() if v < 4.5}
        tap.ok(len(pairs) >= 6 and not low, "contrast of %d pairs is at least 4.5, %s" % (len(pairs), name), low)
    p.find("#now .tick input").click()


def filters(p):
    visit(p, "ika")
    total = len(p.all(".item"))
    search(p, "中村")
    tap.ok(0 < len(shown(p)) < total and all("中村" in e.text for e in shown(p)), "a name is found")
    tap.ok("%d 件のうち %d 件を表示" % (total, len(shown(p))) in status(p), "and the count says how many", status(p))
    for what, want, css in (
        ("00015", "佐々木", "#now .item"), ("R602", "佐々木", "#now .item"), ("0300001115", "佐々木", "#now .item"),
        ("ﾅｶﾑﾗｼｹﾞﾙ", "中村", "#done .item"), ("なかむら", "中村", "#done .item"), ("06139927", "中村", "#done .item"),
        ("７７７７７７７７７ 中村", "中村", "#done .item"),
    ):
        search(p, what)
        texts = [e.text for e in shown(p, css)]
        tap.ok(any(want in t for t in texts) and len(shown(p)) < total, "searching %s finds %s" % (what, want), texts)
    search(p, "どこにもない")
    tap.ok(not shown(p) and "当てはまるものはありません" in status(p), "nothing found is said", status(p))
    tap.same(shown(p, ".group"), [], "and no empty group stands there")
    p.find("#clear").click()
    tap.same(len(shown(p)), total, "the button brings everything back")
    for by, value in (("sev", "error"), ("sev", "warning"), ("sev", "info"), ("route", "fusho"),
                      ("route", "kyushikaku"), ("route", "current"), ("route", "hold")):
        button = p.find("button[data-by=%s][data-is=%s]" % (by, value))
        button.click()
        want = [e for e in p.all(".item") if value in e.get_attribute("data-" + by).split()]
        tap.ok(want and shown(p) == want, "%s shows what is %s" % (button.text, value))
        tap.same(button.get_attribute("aria-pressed"), "true", "and the button says so")
        button.click()
    p.find("button[data-is=error]").click()
    p.find("button[data-is=warning]").click()
    either = len(shown(p))
    p.find("button[data-is=hold]").click()
    both = [e.get_attribute("data-route") for e in shown(p)]
    tap.ok(either > len(both) > 0 and set(both) == {"hold"}, "severity and route narrow together", both)
    p.find("#clear").click()


def ticks(p):
    visit(p, "ika")
    boxes = p.all("#now .tick input")
    before, after = left(p), left(p, "after")
    boxes[0].click()
    boxes[2].click()
    p.find("#after .tick input").click()
    tap.same((left(p), left(p, "after")), (before - 2, after - 1), "the counters go down")
    tap.same(status(p), "残り %d 件" % (before + after - 3), "so does the count that is read out")
    p.driver.refresh()
    got = [b.is_selected() for b in p.all("#now .tick input")]
    tap.same([i for i, on in enumerate(got) if on], [0, 2], "the ticks are there after a reload")
    tap.same(left(p), before - 2, "and counted")
    visit(p, "hostile")
    tap.same([b for b in p.all(".tick input") if b.is_selected()], [], "another file's report has none of them")
    visit(p, "ika")
    p.find("#hide").click()
    tap.ok(not p.all("#now .card")[0].is_displayed() and p.all("#now .card")[1].is_displayed(), "済を隠す hides them")
    box = p.all("#now .tick input")[1]
    p.js("arguments[0].focus()", box)
    press(p, Keys.SPACE)
    tap.ok(not box.is_displayed() and active(p) == p.all("#now .tick input")[3],
           "the focus goes on to the next card when one disappears")
    p.find("#hide").click()
    for b in p.all(".tick input"):
        if b.is_selected():
            b.click()
    p.driver.refresh()
    tap.same(left(p), before, "a tick can be taken back")
    stored = p.js("return Object.entries(localStorage).filter(([k]) => k.startsWith('fusho.report.'))")
    tap.same(stored, [], "and leaves nothing behind")
    p.all("#now .tick input")[0].click()
    stored = p.js("return Object.entries(localStorage).filter(([k]) => k.startsWith('fusho.report.'))")
    tap.ok(len(stored) == 1 and re.fullmatch(r"fusho\.report\.[0-9a-f]{16}", stored[0][0]) and stored[0][1] == "1",
           "what is stored is a number, not a patient", stored)
    p.all("#now .tick input")[0].click()


def keyboard(p):
    visit(p, "houmon")
    wanted = [e for e in p.all("a[href], button, input") if e.is_displayed()]
    reached, bare = [], []
    for _ in range(len(wanted) + 3):
        press(p, Keys.TAB)
        e = active(p)
        if e.tag_name == "body" or e in reached:
            break
        reached.append(e)
        outline = p.js("const s = getComputedStyle(arguments[0]); return [s.outlineStyle, parseFloat(s.outlineWidth)]", e)
        if outline[0] == "none" or outline[1] < 2:
            bare.append(e.get_attribute("outerHTML"))
    missing = [e.get_attribute("outerHTML") for e in wanted if e not in reached]
    tap.ok(len(wanted) > 15 and not missing, "Tab reaches all %d controls" % len(wanted), missing)
    tap.same(bare, [], "and one sees where it is")
    for key, name in ((Keys.SPACE, "Space"), (Keys.ENTER, "Enter")):
        button = p.find("button[data-is=error]")
        p.js("arguments[0].focus()", button)
        press(p, key)
        tap.ok(button.get_attribute("aria-pressed") == "true" and all(
            "error" in e.get_attribute("data-sev") for e in shown(p)), name + " presses a button")
        press(p, key)
    box = p.find(".tick input")
    p.js("arguments[0].focus()", box)
    press(p, Keys.SPACE)
    tap.ok(box.is_selected(), "Space ticks a box")
    press(p, Keys.SPACE)
    p.js("arguments[0].focus()", p.find(".skip"))
    tap.ok(p.find(".skip").is_displayed() and p.find(".skip").rect["x"] >= 0, "the link to the list shows itself")
    press(p, Keys.ENTER)
    tap.ok(p.driver.current_url.endswith("#todo"), "and leads there")


def pages_of(pdf):
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]


def paper(p):
    visit(p, "ika")
    p.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    hidden = [css for css in ("#tools", "nav", ".skip") if any(e.is_displayed() for e in p.all(css))]
    tap.same(hidden, [], "no controls on paper")
    look = p.js(
        "const s = (css) => getComputedStyle(document.querySelector(css));"
        "return [s('.card').breakInside, s('.claim').breakInside, s('.change thead').display,"
        " s('.tick input').appearance, s('.tick input').borderTopStyle, s('.tick').display]")
    tap.same(look, ["avoid", "avoid", "table-header-group", "none", "solid", "block"],
             "cards are not cut, header rows repeat, boxes are squares")
    p.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    search(p, "中村")
    p.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    tap.ok(p.find("#status").is_displayed() and not p.find("#q").is_displayed(), "a filtered list says so on paper")
    p.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    p.find("#clear").click()
    if not shutil.which("pdftotext"):
        tap.ok(True, "the pages as PDF # SKIP no pdftotext")
        return
    pdf = os.path.join(folder, "ika.pdf")
    p.pdf(pdf)
    pages = pages_of(pdf)
    text = "\n".join(pages)
    size = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    tap.ok(re.search(r"Page size: +59[45][.0-9]* x 84[12]", size), "it is A4", size)
    tap.ok(8 <= len(pages) <= 24, "%d pages" % len(pages), pages[0])
    tap.ok("まだ人がすること" in pages[0] and "00014" in pages[0], "the list comes first")
    tap.ok(text.index("請求の前にすること") < text.index("書き換えたレセプト") < text.index("件数とファイル"), "then the rest")
    tap.ok("さがす" not in text and "file:" not in text and "条件を消す" not in text, "no controls, no addresses")
    cut = [i + 1 for i, page in enumerate(pages) if page.split("書き換えたレセプト")[0] == page and i < 6
           and len(re.findall(r"^ *済 ", page, re.M)) != page.count("期限 ")]
    tap.same(cut, [], "every card of the list is on one page")


def plain(p):
    """Without storage, and without a script."""
    made = p.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument",
        {"source": "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } });"})
    visit(p, "ika")
    before = left(p)
    p.find("#now .tick input").click()
    tap.same(left(p), before - 1, "ticks work where the browser refuses storage")
    p.driver.refresh()
    tap.same(left(p), before, "and last as long as the page")
    tap.same(p.problems(), [], "without an error")
    p.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": made["identifier"]})
    p.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    for width in (1280, 390):
        p.resize(width)
        visit(p, "ika")
        controls = [e for e in p.all("#tools, .tick, button, input") if e.is_displayed()]
        tap.same(controls, [], "without JavaScript at %d: no controls" % width)
        tap.same(p.overflow(), 0, "no scrolling sideways")
        tap.ok(all(e.is_displayed() for e in p.all(".item, nav a, .numbers")), "and everything is there")
    p.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    p.resize(1280)


with Page() as browser:
    opens_quietly(browser)
    hostile(browser)
    contents(browser)
    contrast(browser)
    filters(browser)
    ticks(browser)
    keyboard(browser)
    paper(browser)
    plain(browser)
    tap.same(browser.problems(), [], "no error and no request in the end")
sys.exit(tap.done())
