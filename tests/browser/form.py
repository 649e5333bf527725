"""The form page: filled in by hand, saved, given to fusho, opened again; held to the C code.

FUSHO_PAGE is the page; FUSHO, FUSHO_PLUGIN, FUSHO_FIXTURES and SRCDIR as for all tests.
"""
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from page import Page, Tap  # noqa: E402

from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.support.ui import Select  # noqa: E402

FUSHO, PLUGIN = os.environ["FUSHO"], os.environ["FUSHO_PLUGIN"]
FIXTURES, SRC = os.environ["FUSHO_FIXTURES"], os.environ.get("SRCDIR", ".")
HTML = os.environ["FUSHO_PAGE"]
WORK = tempfile.mkdtemp(prefix="form-")
TODAY = "2026-11-09"
NS = "{urn:fusho:capture:1}"
tap = Tap()


# ---- files and the command ----


def put(name, data):
    path = os.path.join(WORK, name)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    return path


def read(path):
    with open(path, "rb") as f:
        return f.read()


def run(verb, claims, evidence, *more):
    """Exit status and listing of a run over one claim file."""
    done = subprocess.run(
        [FUSHO, verb, "--plugin", PLUGIN, "--today", TODAY, "--evidence", evidence, *more, claims], capture_output=True
    )
    return done.returncode, done.stdout.decode()


def applied(claims, evidence, name):
    out = os.path.join(WORK, name)
    status, said = run("apply", claims, evidence, "-o", out, "--force")
    return read(out) if os.path.exists(out) and status <= 1 else ("status %d: " % status + said).encode()


def valid(path):
    done = subprocess.run(
        ["xmllint", "--nonet", "--noout", "--relaxng", os.path.join(SRC, "docs/capture.rng"), path], capture_output=True
    )
    return done.returncode == 0, done.stderr.decode()


# ---- the page ----


class Form(Page):
    def fresh(self):
        """Opened anew, with nothing in it; warnings about unsaved changes are for another test."""
        self.open(HTML)

    def click(self, css):
        self.js("document.querySelector(arguments[0]).click()", css)

    def type(self, path, text):
        """As the clerk does it; a list is chosen from by its value."""
        field = self.find('[data-path="%s"]' % path)
        self.js("for (let d = arguments[0].closest('details'); d; d = d.parentElement.closest('details')) d.open = true", field)
        if field.tag_name == "select":
            Select(field).select_by_value(text)
            return
        field.clear()
        field.send_keys(text)

    def message(self, path):
        return self.js("return document.getElementById('m-f-' + arguments[0].replace(/\\./g, '-')).textContent", path)

    def text(self, css):
        return self.js("return document.querySelector(arguments[0]).textContent", css)

    def notice(self):
        return self.js(
            "const n = document.getElementById('notice'); return n.classList.contains('hidden') ? [] :"
            "[document.getElementById('notice-title').textContent, ...[...n.querySelectorAll('li')].map(l => l.textContent)]"
        )

    def verdicts(self):
        return self.js(
            "return window.fusho.records().map((r, i) => { const v = window.fusho.verdict(i); return {id: r.id, month: r.month, route: v.route,"
            "reasons: v.reasons.map(x => [x.code, x.text])}; })"
        )

    def load(self, path, answer="replace"):
        count = self.js("return window.opened = 0")
        self.find("#open").send_keys(path)
        for _ in range(200):
            if self.js("return document.getElementById('ask').open"):
                self.click("#ask-buttons button[value='%s']" % answer)
            if self.js("return document.getElementById('open').files.length === 0"):
                return count
            time.sleep(0.02)
        raise AssertionError("the file was not read: " + path)

    def save(self, kind, answer="yes"):
        """The bytes of the file that is saved, None where nothing is."""
        for f in os.listdir(self.downloads):
            os.remove(os.path.join(self.downloads, f))
        # Really clicked: a browser lets a page save one file after the other only where a hand did it.
        self.find("#save-" + kind).click()
        time.sleep(0.05)
        if self.js("return document.getElementById('ask').open"):
            self.find("#ask-buttons button[value='%s']" % answer).click()
        if answer == "" or self.js("return document.getElementById('notice').classList.contains('wrong')"):
            time.sleep(0.2)
            return None if not os.listdir(self.downloads) else b"saved after all"
        self.saved_as = os.path.basename(self.downloaded()[0])
        return read(self.downloaded()[0])


def enter(p, capture):
    """One patient of a capture file, through the fields."""
    patient, check = capture.find(NS + "patient"), capture.find(NS + "check")
    p.type("month", capture.get("month"))
    for k, v in patient.attrib.items():
        p.type(k, v)
    if check is not None:
        p.type("outcome", check.get("outcome"))
        day, _, clock = check.get("at").partition("T")
        p.type("day", day)
        p.type("time", clock)
    for x in capture.findall(NS + "presented"):
        p.find("#documents input[value='%s']" % x.get("document")).click()
    for i, q in enumerate(capture.findall(NS + "qualification")):
        p.click("#add-current" if q.get("status") == "current" else "#add-former")
        for k, v in q.attrib.items():
            if k != "status":
                p.type("quals.%d.%s" % (i, k), v)
    d = capture.find(NS + "declaration")
    if d is not None:
        p.type("declared", "verbal" if d.get("verbal") == "yes" else "paper")
        for name, path in (("on", "declaredOn"), ("kind", "kind"), ("insurer-name", "insurerName"), ("workplace", "workplace"),
                           ("share", "share"), ("phone", "phone")):
            if d.get(name):
                p.type(path, d.get(name))
        for i, a in enumerate(d.findall(NS + "address")):
            if i:
                p.click("#add-address")
            p.type("addresses.%d" % i, a.text)
    for i, c in enumerate(capture.findall(NS + "contact")):
        p.js("document.getElementById('s-contacts').open = true")
        p.click("#add-contact")
        p.type("contacts.%d.on" % i, c.get("on"))
        p.type("contacts.%d.result" % i, c.get("result"))


# ---- tests ----


def by_hand(p):
    claims, own = os.path.join(FIXTURES, "chozai/RECEIPTY.UKE"), os.path.join(FIXTURES, "chozai/captures.xml")
    p.fresh()
    for i, capture in enumerate(ET.parse(own).getroot()):
        if i:
            p.click("#add")
        enter(p, capture)
    want = applied(claims, own, "want")
    xml = p.save("xml")
    path = put("hand.xml", xml or b"")
    tap.same(p.saved_as, "capture-202610.xml", "the file is named after the month")
    tap.ok(*(valid(path)[0], "what was entered by hand is a valid capture file", valid(path)[1]))
    tap.same(applied(claims, path, "hand"), want, "fusho makes of it what it makes of the month's own captures")
    tap.ok(b"77777777" in want and want != read(claims), "which is not nothing")
    tap.same(p.text("#dirty"), "capture-202610.xml に保存しました（5人）", "the page says what was saved")
    csv = p.save("csv")
    path = put("hand.csv", csv or b"")
    tap.ok((csv or b"").startswith(b"\xef\xbb\xbfid,month,karte,name,kana,birth,sex,check_at,"), "CSV begins with a BOM and the columns")
    tap.same(applied(claims, path, "hand-csv"), want, "the same from the CSV")
    p.fresh()
    p.load(os.path.join(WORK, "hand.xml"))
    tap.same(p.save("xml"), xml, "opened and saved again: the same XML, byte for byte")
    p.fresh()
    p.load(path)
    tap.same(p.save("csv"), csv, "opened and saved again: the same CSV, byte for byte")


def texts_of(folder):
    names = [n for n in sorted(os.listdir(folder)) if n.startswith("captures.")]
    return [(n, read(os.path.join(folder, n))) for n in names]


# What depends on nothing but the capture; the rest needs the claim, and is not the page's to say.
OWN = {"E502", "E503", "E505", "E509", "E511", "E512", "R601", "R602", "R603"}
# What the page says in words of its own, beside the field.
OWN_WORDS = {"E502", ""}


def claim_file(text):
    return put("claims.UKE", text.rstrip("\n").replace("\n", "\r\n").encode("cp932") + b"\r\n\x1a")


def judged_by_fusho(claims, evidence):
    """Capture id -> route, codes and sentences, of those that belong to a claim."""
    status, listing = run("apply", claims, evidence, "--format", "json", "--verbose", "-o", os.path.join(WORK, "o"), "--force")
    if status not in (0, 1):
        raise AssertionError("fusho: %d %s" % (status, listing))
    lines = [json.loads(x) for x in listing.splitlines()]
    out = {}
    for c in (x for x in lines if x["type"] == "claim" and "capture" in x):
        mine = [f for f in lines if f["type"] == "finding" and f.get("claim") == c["claim"] and "record" not in f]
        out[c["capture"]] = (c["route"], [(f["code"], f["message"]) for f in mine])
    return out


def differences(page, fusho):
    bad = []
    for v in page:
        if v["id"] not in fusho or v["route"] == "":
            continue
        if not re.fullmatch("[0-9]{6}", v["month"]):
            continue  # the page takes more forms of a month, and saves this one
        route, said = fusho[v["id"]]
        if any(c == "E503" and "、" not in text for c, text in said):
            continue  # one capture that fits two claims: only the claims show it
        want = {x for x in said if x[0] in OWN and x[0] not in OWN_WORDS}
        got = {tuple(x) for x in v["reasons"] if x[0] not in OWN_WORDS}
        own = {x[0] for x in said} & OWN
        if want != got:
            bad.append("%s: page %r, fusho %r" % (v["id"], sorted(got), sorted(want)))
        claim_only = {c for c, _ in said} - OWN
        if v["route"] != route and not claim_only - {"R606", "R607", "R609", "E507"}:
            bad.append("%s: page %s, fusho %s %r" % (v["id"], v["route"], route, sorted(own)))
        if v["route"] == "hold" and route != "hold":
            bad.append("%s: the page holds what fusho does not (%s)" % (v["id"], route))
    return bad


def bundled(p):
    months = [os.path.join(SRC, "fixtures", n) for n in ("ika", "ika-kokuho", "dpc", "shika", "chozai", "houmon")]
    root = os.path.join(SRC, "fixtures/evidence")
    for folder in months + [os.path.join(root, n) for n in sorted(os.listdir(root)) if os.path.isdir(os.path.join(root, n))]:
        for name, data in texts_of(folder):
            if ".sjis." in name:
                data = data.decode().encode("cp932")
            elif ".bom." in name:
                data = b"\xef\xbb\xbf" + data
            kind = name.rsplit(".", 1)[1]
            path = put("evidence." + kind, data)
            p.fresh()
            p.load(path)
            claims = claim_file(read(os.path.join(folder, "month.txt")).decode())
            where = os.path.basename(folder) + "/" + name
            bad = differences(p.verdicts(), judged_by_fusho(claims, path))
            tap.ok(not bad, where + ": the page judges as fusho does", "\n".join(bad))
            if not [n for n in p.notice() if "取り込んでいません" in n and "コメント" not in n] and b"E502" not in data:
                again = p.save(kind)
                if again is None:
                    tap.ok(bool(p.notice()), where + ": what cannot be saved is named", p.notice())
                    continue
                one = applied(claims, path, "one")
                tap.same(applied(claims, put("again." + kind, again), "two"), one, where + ": saved again it does the same")


def made_captures(rng, n):
    """Captures of every shape; the numbers and kinds are those of the claims' own paying body."""
    pick = rng.choice
    outcomes = ["valid", "invalid", "no-record", "reader-fault", "card-unreadable", "certificate-expired", "network-outage",
                "ambiguous", "error", "not-done", ""]
    documents = ["mynacard", "mynaportal", "shikaku-oshirase", "shikaku-kakuninsho", "hokensho", "copy", "none"]
    days = ["2024-12-01", "2024-12-02", "2025-12-01", "2025-12-02", "2026-03-31", "2026-04-01", "2026-10-06"]
    for i in range(n):
        visit = pick(days + [""])
        lines = ['<patient karte="%05d" birth="1978-04-12"%s/>' % (i, pick([' kana="サトウ"', ' kana=""', ""]))]
        lines.append('<check at="%s" outcome="%s"/>' % (visit + (pick(["", "T09:12"]) if visit else ""), pick(outcomes[1:8] * 3 + outcomes)))
        lines += ['<presented document="%s"/>' % d for d in rng.sample(documents, pick([0, 1, 1, 1, 2]))]
        for _ in range(pick([0, 0, 0, 0, 1, 1, 2])):
            lines.append('<qualification status="%s" source="%s" insurer="%s" kigo="%s" bango="%s" branch="%s" from="%s" to="%s"/>' % (
                pick(["current", "former"]), pick(["online", "outage-mode", "document", "verbal", "screen", "history", ""]),
                pick(["01130012", "06139935", "６１３９９３５", "77777777", "0777777", "77777779", "06139935", ""]), pick(["", "１２", "12", "A-3"]),
                pick(["7", "７", "007", "8", ""]), pick(["", "01", "02"]), pick(["", "2026-10-10", "2020-01-01"]), pick(["", "2026-10-01", "2026-12-31"])))
        if pick([True, True, False]):
            lines.append('<declaration on="%s" kind="%s" share="%s" phone="%s"%s>%s</declaration>' % (
                pick(["", "2026-10-06", "2026-02-30"] + ["2026-10-06"] * 6), pick(["kenpo", "kyosai", "senin", "unknown", ""]), pick(["3", "unknown", ""]),
                pick(["03-0000-0000", "03-0000-0000", ""]), pick(["", ' verbal="yes"', ' verbal="no"']),
                "".join("<address>%s</address>" % a for a in rng.sample(["東京都見本区1", " ", "千葉県見本市2"], pick([0, 1, 1, 2])))))
        for _ in range(pick([0, 1, 1, 2])):
            lines.append('<contact on="%s" result="%s"/>' % (pick(["2026-10-28", "2026-11-02", "2019-04-30", "2026-10-28"]), pick(["told", "unknown", "no-answer", "no-answer"])))
        yield "<capture id=\"g%d\" month=\"202610\">%s</capture>" % (i, "".join(lines))


def generated(p):
    n = 400
    month = read(os.path.join(SRC, "fixtures/ika/month.txt")).decode().split("\n")
    first = [x for x in month if x.startswith("RE,")]
    one = month[month.index(first[0]):month.index(first[1])]
    points = int(one[1].split(",")[5])
    lines = [month[0]]
    for i in range(n):
        lines += [x.replace("RE,1,", "RE,%d," % (i + 1)).replace(",00001,", ",%05d," % i) for x in one]
    lines.append("GO,%d,%d,99" % (n, n * points))
    claims = claim_file("\n".join(lines) + "\n")
    body = "\n".join(made_captures(random.Random(20261109), n))
    path = put("made.xml", '<captures xmlns="urn:fusho:capture:1">\n' + body + "\n</captures>\n")
    p.fresh()
    p.load(path)
    fusho, page = judged_by_fusho(claims, path), p.verdicts()
    tap.same(len(fusho), n, "%d made-up captures each have their claim" % n)
    routes = {r for r, _ in fusho.values()}
    tap.same(routes, {"none", "current", "kyushikaku", "fusho", "hold"}, "all five routes are among them")
    tap.ok({c for _, said in fusho.values() for c, _ in said} >= OWN - {"E503"}, "and every finding a capture can cause")
    bad = differences(page, fusho)
    tap.ok(not bad, "the page judges each as fusho does, in the same words", "\n".join(bad[:8]))
    stops = {v["id"] for v in page if any(c == "E502" for c, _ in v["reasons"])}
    want = {i for i, (_, said) in fusho.items() if any(c == "E502" for c, _ in said)}
    tap.same(stops, want, "and misses the same values (E502)")


def cases(p):
    js = {
        "day": "return String(window.fusho.F.parseDay(x).day)",
        "page-day": "return String(window.fusho.F.parseDay(x).day)",
        "strict-day": "return String(window.fusho.F.parseDay(x).day)",
        "page-month": "return String(window.fusho.F.parseMonth(x).month)",
        "digit": "return String(window.fusho.F.checkDigit(x))",
        "kind": "return window.fusho.F.readInsurer(x).kind",
        "bytes": "return String(window.fusho.F.claimBytes(x))",
        "fold": "return window.fusho.F.foldWidth(x)",
    }
    p.fresh()
    bad = {k: [] for k in js}
    count = dict.fromkeys(js, 0)
    with open(os.path.join(SRC, "tests/browser/form-cases.tsv"), encoding="utf-8") as f:
        rows = [x.rstrip("\n").split("\t") for x in f if x.strip() and not x.startswith("#")]
    for kind, given, want in rows:
        got = p.js("const x = arguments[0];" + js[kind], given.replace("\\u3000", "\u3000"))
        if kind == "strict-day":
            want = "0"
        count[kind] += 1
        if got != want:
            bad[kind].append("%s: %s, want %s" % (given, got, want))
    for kind in js:
        tap.ok(not bad[kind] and count[kind] > 5, "table of cases, %s: %d rows" % (kind, count[kind]), "\n".join(bad[kind]))


WRONG = [
    # path, what is typed, what the page says beside the field
    ("month", "", "診療年月を入力してください（例：202610、令和8年10月）。"),
    ("month", "2026", "年月として読めません。202610、2026-10、令和8年10月 のように入力してください。"),
    ("month", "202613", "13月という月はありません。"),
    ("month", "202307", "不詳にできるのは、2023年9月以後に請求するときだけです。"),
    ("month", "R5.8", "2023年8月"),
    ("karte", "", "カルテ番号、氏名、カナ氏名、生年月日のどれかを入力してください。"),
    ("karte", "123456789012345678901", "カルテ番号が長すぎます（半角で20文字まで）。"),
    ("birth", "2026-02-30", "2026年2月に30日はありません。"),
    ("birth", "平成32年1月1日", "平成32年1月1日という日はありません（令和2年1月1日＝2020年です）。"),
    ("birth", "昭和元年12月24日", "昭和は1926年12月25日からです。この日は大正15年12月24日です。"),
    ("birth", "1964-13-01", "13月という月はありません。"),
    ("birth", "きのう", "日付として読めません。昭和39年4月1日、S39.4.1、1964-04-01 のように入力してください。"),
    ("birth", "26-10-03", "年は1868から2200までの西暦4桁か、昭和39年のような和暦で入力してください。"),
    ("birth", "2026-12-01", "診療年月より後の日付です。"),
    ("kana", "さとう", "カタカナで入力してください。"),
    ("day", "2026-09-30", "診療年月と違う月の日付です。"),
    ("time", "25:00", "時刻として読めません。09:12 のように入力してください。"),
    ("phone", "なし", "電話番号に数字がありません。"),
    ("kind", "kenpo", "内容が入力されています。受け取り方を選ぶか、内容を消してください。"),
    ("quals.0.insurer", "01130013", "検証番号（最後の数字）が合いません。写し間違いがないか確かめてください。"),
    ("quals.0.insurer", "1130012", "保険者番号は8桁（国保は6桁）です。いまは7桁です。先頭の0が消えていないか確かめてください。"),
    ("quals.0.insurer", "0113001X", "保険者番号は数字だけです。"),
    ("quals.0.insurer", "77777777", "窓口記録の資格に、不詳の値「77777777」が入力されています。"),
    ("quals.0.insurer", "05130018", "最初の2桁（法別番号）05は、医療保険の番号にありません。"),
    ("quals.0.bango", "1" * 41, "長すぎます（半角で40文字、全角で20文字まで）。"),
    ("quals.0.kigo", "あ" * 21, "長すぎます（半角で40文字、全角で20文字まで）。"),
    ("quals.0.branch", "123", "枝番は数字2桁までです。"),
    ("quals.0.branch", "A", "枝番は数字2桁までです。"),
    ("contacts.0.on", "2026-10-05", "受診した日（確認の日）より前です。"),
    ("contacts.0.on", "2026-10-32", "2026年10月に32日はありません。"),
    ("contacts.0.on", "", "連絡した日を入力してください。"),
]


def wrong_inputs(p):
    for path, text, want in WRONG:
        p.fresh()
        p.type("month", "202610")
        p.type("day", "2026-10-06")
        if path.startswith("quals"):
            p.click("#add-former")
        if path.startswith("contacts"):
            p.js("document.getElementById('s-contacts').open = true")
            p.click("#add-contact")
            p.type("contacts.0.result", "no-answer")
        p.type(path, text)
        tap.same(p.message("declared" if path == "kind" else path), want, "%s “%s”" % (path, text[:16]))
    p.fresh()
    p.type("name", "検査　太郎")
    p.type("birth", "2026-02-30")
    invalid = p.find("#f-birth").get_attribute("aria-invalid"), p.find("#f-birth").get_attribute("aria-describedby")
    tap.same(invalid, ("true", "m-f-birth"), "the field says that it is wrong, and where the reason stands")
    tap.same(p.save("xml"), None, "nothing is saved while a field cannot be read")
    tap.same(p.notice(), ["まだ保存できません。次の欄を直してください。", "検査　太郎（記録 c1）: 生年月日：2026年2月に30日はありません。"],
             "and the page says which")
    p.click("#notice-list a")
    tap.same(p.js("return document.activeElement.id"), "f-birth", "from there one gets to the field")
    p.type("birth", "S39.4.1")
    tap.same(p.message("birth"), "1964年4月1日", "what was understood is shown, in the other calendar")
    p.js("document.getElementById('notice-close').click()")
    tap.ok(b'birth="1964-04-01"' in (p.save("xml") or b""), "and saved as the file wants it")
    p.fresh()
    p.type("karte", "1")
    p.type("phone", "あ" * 1366)
    tap.same(p.message("phone"), "長すぎます（1365文字まで）。", "more than FU_XML_TEXT_MAX bytes")
    p.type("phone", "1" + "あ" * 1365)
    tap.same(p.message("phone"), "", "exactly as many")


def reasons(p):
    """The words above the form, while it is being filled in."""
    p.fresh()
    tap.same(p.text("#route"), "まだ入力がありません", "an empty record has no verdict")
    p.type("month", "R8.10")
    p.type("karte", "00001")
    p.type("birth", "S53.4.12")
    p.type("kana", "サトウ")
    tap.same(p.text("#route"), "対象外", "without a failed check nothing is rewritten")
    p.type("outcome", "no-record")
    tap.same(p.text("#route"), "保留（書き換えていません）", "a failed check and nothing else: hold")
    tap.ok("足りないもの：被保険者資格申立書" in p.text("#reasons"), "the declaration is missing", p.text("#reasons"))
    tap.ok(p.js("return document.getElementById('s-declaration').open"), "and its part of the form is open")
    p.type("declared", "paper")
    p.type("kind", "kenpo")
    p.type("phone", "03-0000-0000")
    tap.ok("足りないもの：住所" in p.text("#reasons") and "連絡が、まだ行われていません" in p.text("#reasons"), "address and contact are missing", p.text("#reasons"))
    p.type("addresses.0", "東京都見本区1")
    p.js("document.getElementById('s-contacts').open = true")
    p.click("#add-contact")
    p.type("contacts.0.on", "R8.10.28")
    p.type("contacts.0.result", "no-answer")
    tap.same((p.text("#route"), p.text("#reasons")), ("不詳で請求", ""), "with all of it: 不詳")
    p.click("#add-current")
    p.type("quals.0.insurer", "01130012")
    p.type("quals.0.bango", "7")
    tap.same(p.text("#route"), "現在の資格で請求", "with a current insurance: that")
    tap.ok(not p.js("return document.getElementById('s-declaration').open"), "the declaration is folded")
    tap.ok(b"<declaration" in p.save("xml"), "but kept")
    p.type("quals.0.status", "former")
    tap.same(p.text("#route"), "旧資格情報で請求", "with a former one: 旧資格情報")
    p.click("#copy")
    tap.same(p.text("#route"), "保留（書き換えていません）", "a second record of the same person and month: hold")
    tap.ok("1対1" in p.text("#reasons") and "c1" in p.text("#reasons"), "with E503, naming the other", p.text("#reasons"))
    badges = "return [...document.querySelectorAll('#list .state')].map(x => x.textContent)"
    tap.same(p.js(badges), ["保留", "保留"], "both are marked in the list")
    p.type("month", "R8.11")
    tap.same(p.js(badges), ["旧資格情報で請求"] * 2, "and neither any more, once one is of another month")
    tap.same((p.text("#route"), p.text("#reasons")), ("旧資格情報で請求", ""), "another month: no longer")


def listing(p):
    p.fresh()
    p.load(os.path.join(FIXTURES, "chozai/captures.xml"))
    tap.same(p.text("#found"), "5人", "the list counts the patients")
    p.find("#search").send_keys("ﾆｼﾀﾞ")
    tap.same([x.text.split("\n")[0] for x in p.all("#list button")], ["西田　浩"], "found by kana in half width")
    p.find("#search").clear()
    p.find("#search").send_keys("50005")
    tap.same([x.text.split("\n")[0] for x in p.all("#list button")], ["小西　五郎"], "found by karte number")
    p.click("#list button")
    p.click("#remove")
    time.sleep(0.05)
    tap.ok(p.js("return document.getElementById('ask').open"), "deleting asks first")
    p.click("#ask-buttons button[value='']")
    time.sleep(0.05)
    tap.same(len(p.verdicts()), 5, "no deletes nothing")
    p.click("#remove")
    p.click("#ask-buttons button[value='yes']")
    time.sleep(0.05)
    tap.same([v["id"] for v in p.verdicts()], ["y02", "y03", "y04", "y06"], "yes deletes this one; ids stay")
    p.click("#copy")
    tap.same([v["id"] for v in p.verdicts()][4], "c5", "a copy has an id of its own")
    p.load(os.path.join(FIXTURES, "chozai/captures.xml"), "add")
    ids = [v["id"] for v in p.verdicts()]
    tap.ok(len(ids) == 10 and len(set(ids)) == 10 and ids[:5] == ["y02", "y03", "y04", "y06", "c5"], "a file can be added; ids stay apart", ids)
    tap.ok(any("y02" in n for n in p.notice()), "which is said", p.notice())


NASTY = "<script>alert('x')</script>&\"]]>\\"


def nasty(p):
    p.fresh()
    p.type("karte", "00001")
    p.type("name", NASTY)
    p.type("addresses.0", NASTY + ",|\"")
    p.type("declared", "paper")
    xml = p.save("xml")
    tap.ok(valid(put("nasty.xml", xml))[0], "markup in a name makes a valid file", xml)
    tap.same(ET.fromstring(xml)[0].find(NS + "patient").get("name"), NASTY, "and is the same text behind it")
    tap.same(p.js("return document.querySelectorAll('#app script').length"), 0, "it becomes no element of the page")
    p.load(os.path.join(WORK, "nasty.xml"))
    tap.same(p.save("xml"), xml, "opened and saved again: the same")
    tap.same(p.save("csv", ""), None, "a | in an address does not fit into a CSV: asked before saving")
    csv = p.save("csv")
    p.fresh()
    p.load(put("nasty.csv", csv))
    tap.same(p.js("return window.fusho.records()[0].name"), NASTY, "the CSV carries the name too")


STRANGE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- one -->
<captures xmlns="urn:fusho:capture:1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b">
  <capture id="a" month="202610" color="red">
    <patient karte="1" birth="1978-02-30" hair="black"/>
    <!-- two
         lines --><check at="2026-10-03T09:12" outcome="bad-word"/>
    <weather>rain</weather>
    stray
    <patient karte="2"/>
  </capture>
  <capture id="a" month="202610"><patient karte="3"/></capture>
  <capture month="202610"><patient karte="4"/></capture>
</captures>
"""


def strange_files(p):
    p.fresh()
    p.load(put("strange.xml", STRANGE))
    said = p.notice()
    for want in (
        "4行目: 知らない属性 color（値「red」）は取り込んでいません。",
        "5行目（記録 a）: 知らない属性 hair（値「black」）は取り込んでいません。",
        "8行目（記録 a）: 知らない要素 weather は、中身も含めて取り込んでいません。",
        "4行目（記録 a）: 要素の間の文字「stray」は取り込んでいません。",
        "10行目（記録 a）: 2つ目の 患者 patient は取り込んでいません（1つの記録に1つだけです）。",
        "12行目（記録 c1）: 記録の番号「a」が2回あるため、番号を付け直しました。",
        "13行目（記録 c2）: 記録の番号がないため、番号を付けました。",
        "説明書き（コメント）2か所は、取り込んでいません。",
        "（氏名なし）（記録 a）: 確認の結果：「bad-word」は使えない値です。選び直してください。",
        "（氏名なし）（記録 a）: 生年月日：1978年2月に30日はありません。",
    ):
        tap.ok(want in said, "told: " + want, "\n".join(said))
    tap.same(p.js("return [document.getElementById('f-outcome').value, document.getElementById('f-birth').value]"), ["bad-word", "1978-02-30"],
             "what cannot be read stays in its field")
    refused = [
        ("cut.xml", STRANGE[:300], "行目: XML の形が正しくありません"),
        ("dtd.xml", '<?xml version="1.0"?><!DOCTYPE captures [<!ENTITY a "b">]><captures xmlns="urn:fusho:capture:1"/>', "DTD"),
        ("other.xml", "<html/>", "窓口記録のファイルではありません"),
        ("oqs.xml", "<XmlMsg/>", "オンライン資格確認の結果のファイルです"),
        ("bytes.xml", b"<captures xmlns='urn:fusho:capture:1'>\xff\xfe</captures>", "文字コードが"),
        ("gz.xml", b"\x1f\x8b\x08\x00", "圧縮されたファイル"),
        ("empty.csv", "", "見出しの行"),
        ("no-header.csv", "x,y\n1,2\n", "1行目: 見出しの行"),
        ("column.csv", "id,month,colour\nx,202610,red\n", "1行目: 見出しの3列目「colour」は知らない列名です。"),
        ("twice.csv", "id,month,id\nx,202610,y\n", "1行目: 見出しの3列目「id」は2回あります。"),
        ("no-month.csv", "id,karte\nx,1\n", "id と month の列がありません"),
        ("quote.csv", 'id,month,name\na,202610,x\nb,202610,"x\n', "3行目: 引用符（\"）が閉じられていません。"),
        ("behind.csv", 'id,month,name\na,202610,"x"y\n', "2行目: 引用符の後ろに文字があります。"),
        ("wide.csv", "id,month" + "," * 63 + "\n", "1行目: 列が多すぎます（64列まで）。"),
        ("row.csv", "id,month,name\na,202610," + "x" * 65536 + "\n", "2行目: 1行が長すぎます。"),
        ("bytes.csv", b"id,month\n\xff\xff,1\n", "文字として読めないバイト"),
    ]
    for name, data, want in refused:
        p.fresh()
        p.type("karte", "00009")
        p.load(put(name, data))
        said = p.notice()
        tap.ok(len(said) == 2 and said[0] == name + " を開けません" and want in said[1], name + " is refused, with the reason", said)
        tap.same(p.js("return window.fusho.records().map(r => r.karte)"), ["00009"], name + ": what was there stays")
    p.fresh()
    row = 'x1,202610,00028,"前田　緑",R6.2.30,yes?,mynacard|none,東京都1|東京都2,2026-10-30=no-answer|なぞ'
    p.load(put("hand.csv", ("id,month,karte,name,birth,verbal,documents,address,contact\r\n" + row + ",extra\r\n\x1a").encode("cp932")))
    said = p.notice()
    for want in ("2行目（記録 x1）: 見出しのない10列目の「extra」は取り込んでいません。", "2行目（記録 x1）: 口頭での確認 verbal の値「yes?」は使えません（yes、no）。取り込んでいません。",
                 "前田　緑（記録 x1）: 生年月日：2024年2月に30日はありません。", "前田　緑（記録 x1）: 患者への連絡2の日付：日付として読めません。昭和39年4月1日、S39.4.1、1964-04-01 のように入力してください。"):
        tap.ok(want in said, "CP932 CSV, told: " + want, "\n".join(said))
    tap.same(p.js("const r = window.fusho.records()[0]; return [r.addresses, r.documents, r.contacts.map(c => c.on)]"),
             [["東京都1", "東京都2"], ["mynacard", "none"], ["2026-10-30", "なぞ"]], "lists in CSV cells are taken apart")


def round_trip(p):
    """All there is to know in one record: nothing is lost in XML, and CSV says what it cannot hold."""
    full = ('<captures xmlns="urn:fusho:capture:1"><capture id="r1" month="202610"><patient karte="1" name="●田" kana="ア" birth="1950-01-01" sex="2"/>'
            '<check at="2026-10-03T09:12:30+09:00" outcome="invalid" response="r.xml"/><presented document="mynacard"/><presented document="copy"/>'
            '<qualification status="current" source="online" insurer="06139935" kigo="１" bango="2" branch="03" tokki="29" from="2020-01-01" to="2027-01-01"/>'
            '<qualification status="former" source="screen" insurer="01130012" bango="7" tokki="26"/><qualification status="former" insurer="01130012" bango="8"/>'
            '<declaration on="2026-10-03" kind="unknown" insurer-name="x" workplace="y" share="unknown" phone="1" verbal="yes"><address>a</address><address>b|c</address></declaration>'
            '<contact on="2026-10-28" result="unknown"/><contact on="2026-10-29" result="told"/></capture></captures>')
    p.fresh()
    p.load(put("full.xml", full))
    tap.same(p.notice(), [], "a full record is read without a word")
    flat = lambda xml: [(e.tag, sorted(e.attrib.items()), (e.text or "").strip()) for e in ET.fromstring(xml).iter()]  # noqa: E731
    tap.same(flat(p.save("xml")), flat(full.encode()), "and saved with everything in it")
    p.click("#save-csv")
    time.sleep(0.05)
    lost = p.text("#ask-list")
    for word in ("資格を知った方法", "資格の始まる日・終わる日", "2つ目より後の資格", "もう一方の資格の特記事項", "住所の中の「|」"):
        tap.ok(word in lost, "CSV does not hold: " + word, lost)
    p.click("#ask-buttons button[value='']")
    p.fresh()
    p.load(put("class.csv", "id,month,karte,birth,tokki\nk1,202610,1,1950-01-01,29\n"))
    tap.same(p.save("xml"), None, "an income class without numbers cannot go into the XML")
    tap.ok("番号のない所得区分" in "".join(p.notice()), "which is said", p.notice())
    tap.ok(b",29," in (saved_csv(p)), "and can go into the CSV")


def saved_csv(p):
    p.click("#notice-close")
    return p.save("csv")


def keeping(p):
    p.fresh()
    p.js("localStorage.clear()")
    p.fresh()
    p.type("name", "検査　太郎")
    tap.same(p.js("return localStorage.length"), 0, "nothing is kept in the browser unasked")
    leaving = "const e = new Event('beforeunload', {cancelable: true}); window.dispatchEvent(e); return e.defaultPrevented"
    tap.same(p.js(leaving), True, "leaving with unsaved changes is asked about")
    p.click("#keep")
    p.type("kana", "ケンサ")
    p.fresh()
    tap.same(p.js("return [window.fusho.records()[0].name, window.fusho.records()[0].kana]"), ["検査　太郎", "ケンサ"], "on request it is there again")
    p.click("#keep-clear")
    tap.same(p.js("return localStorage.length"), 0, "and gone when cleared")
    p.type("karte", "1")
    tap.same(p.js("return [localStorage.length, document.getElementById('keep').checked]"), [0, False], "and nothing is kept from then on")
    p.save("xml")
    tap.same(p.js(leaving), False, "after saving nothing is asked")
    p.js("localStorage.setItem('fusho-form-1', '{\"records\":[{\"id\":1}]}')")
    p.fresh()
    tap.same(p.js("return window.fusho.records().length"), 1, "what is kept and broken is passed over")
    p.js("localStorage.clear()")


def pages_of(pdf):
    out = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True).stdout
    size = re.search(r"Page size:\s*([\d.]+) x ([\d.]+)", out)
    return int(re.search(r"Pages:\s*(\d+)", out).group(1)), (round(float(size.group(1))), round(float(size.group(2))))


def printing(p):
    p.fresh()
    p.js("window.print = () => {}")
    p.click("#print-blank")
    pdf = os.path.join(WORK, "blank.pdf")
    p.pdf(pdf)
    tap.same(pages_of(pdf), (1, (595, 842)), "the blank declaration is one A4 page")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True).stdout
    for word in ("被保険者資格申立書", "フリガナ", "氏名", "生年月日", "性別", "住所", "連絡先電話番号", "保険種別", "わからない", "保険者等名称",
                 "事業所名", "一部負担金の割合", "署名", "申立ての日"):
        tap.ok(word in text, "on it: " + word)
    tap.ok("☑" not in text and "保存する" not in text, "nothing is ticked, and nothing of the screen is on it", text)
    p.js("window.dispatchEvent(new Event('afterprint'))")
    p.load(os.path.join(FIXTURES, "chozai/captures.xml"))
    p.click("#list button[data-i='2']")
    p.click("#print-this")
    p.pdf(pdf)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True).stdout
    tap.same(pages_of(pdf)[0], 1, "the filled one too")
    for word in ("聡子", "昭和55年1月1日", "☑健保", "☑３割", "東京都見本区二番町2", "☑資格情報なし"):
        tap.ok(word in re.sub("([☑□])\\s*", "\\1", text), "on it: " + word, text)
    p.js("window.dispatchEvent(new Event('afterprint'))")
    tap.ok(p.js("return document.getElementById('paper').classList.contains('hidden')"), "the paper is gone from the screen")


def access(p):
    p.fresh()
    for b in ("#add-current", "#add-contact", "#add-address"):
        p.click(b)
    unnamed = p.js(
        "return [...document.querySelectorAll('input, select, button')].filter(e => !(e.labels && e.labels.length && e.labels[0].textContent.trim())"
        " && !e.textContent.trim() && !e.getAttribute('aria-label')).map(e => e.outerHTML)"
    )
    tap.same(unnamed, [], "every field and button has a name")
    tap.same(p.js("const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.filter((x, i) => ids.indexOf(x) !== i)"), [], "no id is there twice")
    tap.same(p.js("return [...document.querySelectorAll('[aria-describedby]')].flatMap(e => e.getAttribute('aria-describedby').split(' ')).filter(x => !document.getElementById(x))"),
             [], "every description a field refers to is there")
    tap.same(p.js("return document.querySelectorAll('[onclick], [style], script[src], link, img, iframe').length"), 0, "nothing is loaded, no handler in the markup")
    # by keyboard alone: from the first field on, every stop is inside the form
    p.js("document.getElementById('f-month').focus()")
    seen = []
    for _ in range(6):
        seen.append(p.js("return document.activeElement.id"))
        p.driver.switch_to.active_element.send_keys("\t")
    tap.same(seen, ["f-month", "f-karte", "f-birth", "f-sex", "f-name", "f-kana"], "the Tab key goes from field to field")
    shade = p.js("document.getElementById('f-karte').focus(); return getComputedStyle(document.activeElement).outlineWidth")
    tap.same(shade, "3px", "the focus is to be seen")


def widths(p):
    for width in (1280, 390):
        p.resize(width)
        p.fresh()
        tap.same(p.overflow(), 0, "%d pixels, empty: nothing to scroll sideways" % width)
        p.load(put("long.csv", "id,month,karte,name,kana,insurer_name,address\nlong,202610,%s,%s,%s,%s,%s\n" % ("1" * 60, "名" * 90, "ア" * 90, "x" * 200, "東" * 300)))
        p.js("document.querySelectorAll('details').forEach(d => { d.open = true })")
        tap.same(p.overflow(), 0, "%d pixels, long texts and everything open" % width)
    p.resize(1280)


def limits(p):
    p.fresh()
    p.js("document.getElementById('s-declaration').open = true; for (let i = 1; i < 64; i++) document.getElementById('add-address').click()")
    tap.same(p.js("return [window.fusho.records()[0].addresses.length, document.getElementById('add-address').disabled]"), [64, True], "64 addresses and no more")
    many = "".join("<address>a%d</address>" % i for i in range(65))
    p.fresh()
    p.load(put("many.xml", '<captures xmlns="urn:fusho:capture:1"><capture id="a" month="202610"><patient karte="1"/><declaration>' + many + "</declaration></capture></captures>"))
    tap.ok(any("1人に64件までです。" in n for n in p.notice()), "65 in a file are told", p.notice())


def many_patients(p):
    """A large clinic's year: what is typed must still appear at once."""
    n = 3000
    rows = "".join("m%d,202610,%05d,検査　%d,ケンサ,19%02d-%02d-%02d,1,invalid\n" % (i, i, i, i % 90 + 10, i % 12 + 1, i % 28 + 1) for i in range(n))
    p.fresh()
    p.load(put("many.csv", "id,month,karte,name,kana,birth,sex,outcome\n" + rows))
    tap.same(p.text("#found"), "3000人", "3,000 patients are opened")
    took = p.js("const f = document.getElementById('f-name'), t = performance.now(); for (let i = 0; i < 10; i++) { f.value += 'あ';"
                "f.dispatchEvent(new Event('input', {bubbles: true})); } return (performance.now() - t) / 10")
    tap.ok(took < 250, "a key takes less than a quarter of a second", "%.0f ms" % took)


def main():
    with Form() as p:
        p.open(HTML)
        for test in (by_hand, bundled, generated, cases, wrong_inputs, reasons, listing, nasty, strange_files, round_trip, keeping, printing, access, limits, many_patients, widths):
            try:
                test(p)
            except Exception as e:  # a test that cannot go on must not hide the others
                tap.ok(False, test.__name__ + " came to its end", repr(e)[:2000])
        # Chromium says so where a script, not a hand, filled in the page before it was left.
        said = [x for x in p.problems() if "Blocked attempt to show a 'beforeunload'" not in x]
        tap.same(said, [], "no error in the console, no request beyond the page")
    shutil.rmtree(WORK, ignore_errors=True)
    return tap.done()


sys.exit(main())
