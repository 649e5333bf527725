"use strict";
/* What a capture says, judged by the tables in P: dates, numbers, required items, route. No part of
 * this touches the page, so that a test can hold it to the C code. A record is a flat object of the
 * texts as they were typed; see newRecord. */
function makeFusho(P) {
  const byWord = (rows) => new Map(rows.map((r) => [r.word, r]));
  const T = {};
  for (const name
           of ["outcomes", "documents", "kinds", "statuses", "sources", "results", "shares",
               "sexes", "required", "routes", "classes", "houbetsu", "findings", "items", "eras"])
    T[name] = byWord(P[name]);
  const CURRENT = P.statuses.find((r) => r.current).word;
  const FORMER = P.statuses.find((r) => !r.current).word;
  const ONLINE = P.sources.find((r) => r.online).word;
  const TOLD = P.results.find((r) => r.told).word;
  const UNCHECKED = P.outcomes.find((r) => r.unchecked);
  const CARD = P.documents.find((r) => r.card).word;
  const NONE = P.documents.find((r) => r.none).word;
  const PAPER = "paper", VERBAL = "verbal";

  /* ---- Texts ---- */

  const trim = (s) => s.replace(/^[ \t\r\n\u3000]+|[ \t\r\n\u3000]+$/g, "");
  const narrow = (s) =>
      s.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
          .replace(/\u3000/g, " ");
  const foldWidth = (s) => trim(narrow(s.replace(/[\uff61-\uff9f]+/g, (k) => k.normalize("NFKC"))))
                               .replace(/\u2212/g, "-")
                               .replace(/\u301c/g, "~");
  const digits = (s) => /^[0-9]+$/.test(s);
  const utf8Bytes = (s) => new TextEncoder().encode(s).length;
  /* Bytes in a claim file: half width 1, full width 2. */
  const claimBytes = (s) => [...s].reduce(
      (n, c) => n + (c < "\x80" || (c >= "\uff61" && c <= "\uff9f") ? 1 : 2), 0);
  const uncontrolled = (s) =>
      !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/
           .test(s);

  /* ---- Days ---- */

  const daysInMonth = (y, m) =>
      (m === 2                       ? (y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0) ? 29 : 28) :
           [4, 6, 9, 11].includes(m) ? 30 :
                                       31);
  const iso = (day) => day ? String(Math.floor(day / 10000)).padStart(4, "0") + "-" +
          String(Math.floor(day / 100) % 100).padStart(2, "0") + "-" +
          String(day % 100).padStart(2, "0") :
                             "";
  const eraOf = (day) => P.eras.filter((e) => e.from <= day).pop();
  function wareki(day) {
    const era = eraOf(day), y = Math.floor(day / 10000);
    if (!era) return "";
    const n = y - Math.floor(era.from / 10000) + 1;
    return era.ja + (n === 1 ? "元" : n) + "年" + Math.floor(day / 100) % 100 + "月" + day % 100 +
        "日";
  }
  const seireki = (day) =>
      Math.floor(day / 10000) + "年" + Math.floor(day / 100) % 100 + "月" + day % 100 + "日";
  const bad = (error) => ({day: 0, error});

  function makeDay(y, m, d) {
    if (y < P.yearMin || y > P.yearMax)
      return bad(
          "年は" + P.yearMin + "から" + P.yearMax +
          "までの西暦4桁か、昭和39年のような和暦で入力してください。");
    if (m < 1 || m > 12) return bad(m + "月という月はありません。");
    if (d < 1 || d > daysInMonth(y, m)) return bad(y + "年" + m + "月に" + d + "日はありません。");
    return {day: y * 10000 + m * 100 + d, error: ""};
  }

  function eraRow(name) {
    return P.eras.find((e) => e.word === name.toUpperCase() || e.ja === name || e.ja[0] === name);
  }

  /* The last day of an era is the one before the next begins: its own months and days count. */
  function makeEraDay(era, n, m, d) {
    const y = Math.floor(era.from / 10000) + n - 1, next = P.eras[P.eras.indexOf(era) + 1];
    if (n < 1) return bad(era.ja + "の年は1（元年）からです。");
    if (n > 99) return bad(era.ja + "の年は2桁までで入力してください。");
    const got = makeDay(y, m, d);
    if (!got.day) return got;
    if (got.day < era.from)
      return bad(
          era.ja + "は" + seireki(era.from) + "からです。この日は" +
          (wareki(got.day) || "それより前") + "です。");
    if (next && got.day >= next.from)
      return bad(
          era.ja + n + "年" + m + "月" + d + "日という日はありません（" + wareki(got.day) + "＝" +
          y + "年です）。");
    return got;
  }

  const ERA = "([A-Za-z]|" + P.eras.map((e) => e.ja + "|" + e.ja[0]).join("|") + ")";
  const ERA_DAY = new RegExp(
      "^" + ERA +
      "\\s*([0-9]{1,4}|元)\\s*[-/.年]\\s*([0-9]{1,2})\\s*[-/.月]\\s*([0-9]{1,2})\\s*日?$");
  const ERA_DIGITS = new RegExp("^" + ERA + "([0-9]{2})([0-9]{2})([0-9]{2})$");
  const DAY = /^([0-9]{1,4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?$/;
  const ERA_MONTH =
      new RegExp("^" + ERA + "\\s*([0-9]{1,4}|元)\\s*[-/.年]\\s*([0-9]{1,2})\\s*月?$");
  const MONTH = /^([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*月?$/;
  const year = (s) => (s === "元" ? 1 : Number(s));

  /* {day, error}; nothing typed is day 0 without an error. */
  function parseDay(text) {
    const s = trim(narrow(text));
    let m;
    if (!s) return {day: 0, error: ""};
    if (/^[0-9]{8}$/.test(s)) return makeDay(+s.slice(0, 4), +s.slice(4, 6), +s.slice(6));
    if ((m = DAY.exec(s))) return makeDay(+m[1], +m[2], +m[3]);
    if ((m = ERA_DAY.exec(s) || ERA_DIGITS.exec(s))) {
      const era = eraRow(m[1]);
      if (era) return makeEraDay(era, year(m[2]), +m[3], +m[4]);
    }
    return bad(
        "日付として読めません。昭和39年4月1日、S39.4.1、1964-04-01 のように入力してください。");
  }

  function parseMonth(text) {
    const s = trim(narrow(text));
    let m, got = null;
    if (!s) return {month: 0, error: "診療年月を入力してください（例：202610、令和8年10月）。"};
    if ((m = /^([0-9]{4})([0-9]{2})$/.exec(s) || MONTH.exec(s)))
      got = makeDay(+m[1], +m[2], 1);
    else if ((m = ERA_MONTH.exec(s)) && eraRow(m[1])) {
      const era = eraRow(m[1]), y = Math.floor(era.from / 10000) + year(m[2]) - 1,
            last = daysInMonth(y, +m[3]);
      /* A month in which the era changed belongs to both. */
      got = makeEraDay(era, year(m[2]), +m[3], 1);
      if (!got.day) got = makeEraDay(era, year(m[2]), +m[3], last);
    }
    if (!got)
      return {
        month: 0,
        error: "年月として読めません。202610、2026-10、令和8年10月 のように入力してください。"
      };
    return {month: Math.floor(got.day / 100), error: got.error};
  }

  function nextMonth(month) { return month % 100 === 12 ? month + 89 : month + 1; }

  /* {time, error}: "09:12", with seconds and zone if they were given. */
  function parseTime(text) {
    const s = trim(narrow(text));
    const m =
        /^([0-9]{1,2})(?::|時)([0-9]{1,2})(?:分)?((?::[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)$/
            .exec(s) ||
        /^([0-9]{2})([0-9]{2})()$/.exec(s);
    if (!s) return {time: "", error: ""};
    if (!m || +m[1] > 23 || +m[2] > 59 || (m[3] && +m[3].slice(1, 3) > 59))
      return {time: "", error: "時刻として読めません。09:12 のように入力してください。"};
    return {time: m[1].padStart(2, "0") + ":" + m[2].padStart(2, "0") + m[3], error: ""};
  }

  /* ---- 保険者番号 ---- */

  function checkDigit(number) {
    let sum = 0, weight = 2;
    if (number.length < 2 || !digits(number)) return -1;
    for (let i = number.length - 1; i-- > 0; weight = 3 - weight) {
      const product = Number(number[i]) * weight;
      sum += Math.floor(product / 10) + product % 10;
    }
    return (10 - sum % 10) % 10;
  }

  /* 不詳 written as an insurer: sevens of any length from six, or 77777779. */
  function isSevens(text) {
    const s = narrow(text).replace(/ /g, "").replace(/^0+/, "");
    return /^7{6,}$/.test(s) || /^7{7}9$/.test(s);
  }

  function isKouki(number) {
    return number.length === P.insurer.digits && digits(number) &&
        number.startsWith(P.insurer.kouki);
  }

  /* {number, kind, level, text}: level "" good, "warn", or "bad" = the claim's field cannot take
   * it. */
  function readInsurer(text) {
    const number = trim(narrow(text)), I = P.insurer,
          say = (level, t, kind) => ({number, kind: kind || "", level, text: t});
    if (!number) return say("", "");
    if (isSevens(text)) return say("bad", fill("E509", {found: number}));
    if (!digits(number)) return say("bad", "保険者番号は数字だけです。");
    if (number.length !== I.digits && number.length !== I.kokuhoDigits)
      return say(
          "bad",
          "保険者番号は" + I.digits + "桁（国保は" + I.kokuhoDigits + "桁）です。いまは" +
              number.length + "桁です。先頭の0が消えていないか確かめてください。");
    const row = number.length === I.digits ? T.houbetsu.get(number.slice(0, 2)) : null;
    const kind = number.length === I.kokuhoDigits ? I.kokuho : row ? row.ja : "";
    if (/^9+$/.test(number)) return say("", "", "");
    if (checkDigit(number) !== Number(number[number.length - 1]))
      return say(
          "warn", "検証番号（最後の数字）が合いません。写し間違いがないか確かめてください。", kind);
    if (!kind)
      return say(
          "warn", "最初の2桁（法別番号）" + number.slice(0, 2) + "は、医療保険の番号にありません。",
          kind);
    return say("", "", kind);
  }

  /* ---- Sentences of the catalogue ---- */

  function fill(code, values) {
    const names = ["found", "item", "want"];
    const value = (k) => {
      const v = values && values[k];
      if (k === "found") return v || "（なし）";
      return k === "item" && T.items.has(v) ? T.items.get(v).ja + " " + v : v || "";
    };
    const empty = (part) => {
      const used = names.filter((k) => part.includes("{" + k + "}"));
      return used.length > 0 && used.every((k) => k !== "found" && !(values && values[k]));
    };
    return T.findings.get(code)
        .ja.replace(/（[^）]*）/g, (part) => (empty(part) ? "" : part))
        .replace(/\{(found|item|want)\}/g, (_, k) => value(k));
  }

  /* ---- Records ---- */

  const TEXTS = [
    "karte", "name", "kana", "birth", "sex", "day", "time", "outcome", "response", "declared",
    "declaredOn", "kind", "insurerName", "workplace", "share", "phone"
  ];
  const QUAL = ["status", "source", "insurer", "kigo", "bango", "branch", "tokki", "from", "to"];
  const newQual = (status) => ({...Object.fromEntries(QUAL.map((k) => [k, ""])), status});
  const newContact = () => ({on: "", result: ""});
  function newRecord(id, month) {
    return {
      id,
      month,
      ...Object.fromEntries(TEXTS.map((k) => [k, ""])),
      documents: [],
      quals: [],
      addresses: [""],
      contacts: []
    };
  }
  const QUAL_TEXTS = QUAL.filter((k) => k !== "status");
  const qualFilled = (q) => QUAL_TEXTS.some((k) => trim(q[k]));
  const classOnly = (q) =>
      trim(q.tokki) !== "" && QUAL_TEXTS.every((k) => k === "tokki" || !trim(q[k]));
  const contactFilled = (c) => trim(c.on) !== "" || c.result !== "";
  const addressesOf = (r) => r.addresses.map(trim).filter((a) => a);
  const DECLARED = ["declaredOn", "kind", "insurerName", "workplace", "share", "phone"];
  const declarationFilled = (r) => DECLARED.some((k) => trim(r[k])) || addressesOf(r).length > 0;
  const isEmpty = (r) => TEXTS.every((k) => !trim(r[k])) && !r.documents.length &&
      !r.quals.some(qualFilled) && !addressesOf(r).length && !r.contacts.some(contactFilled);

  const counts = (q) => trim(q.insurer) !== "" && trim(q.bango) !== "" && !isSevens(q.insurer);
  const bare = (s) => foldWidth(s).replace(/^0+(?=.)/, "");
  function sameInsurance(a, b) {
    return bare(a.insurer) === bare(b.insurer) && bare(a.bango) === bare(b.bango) &&
        foldWidth(a.kigo) === foldWidth(b.kigo) &&
        (!trim(a.branch) || !trim(b.branch) || foldWidth(a.branch) === foldWidth(b.branch));
  }

  /* ---- What is wrong with single fields ----
   * {path, level, text}: "stop" cannot be saved, "bad" would hold the claim, "warn" is to be looked
   * at. */

  function checkTexts(r, add) {
    const one = (path, v) => {
      if (!uncontrolled(v))
        add(path, "stop", "記録できない文字が入っています。入力し直してください。");
      else if (utf8Bytes(v) > P.limits.FU_XML_TEXT_MAX)
        add(path, "stop",
            "長すぎます（" + Math.floor(P.limits.FU_XML_TEXT_MAX / 3) + "文字まで）。");
    };
    for (const k of TEXTS) one(k, r[k]);
    r.addresses.forEach((a, i) => one("addresses." + i, a));
    r.quals.forEach((q, i) => QUAL_TEXTS.forEach((k) => one("quals." + i + "." + k, q[k])));
    r.contacts.forEach((c, i) => one("contacts." + i + ".on", c.on));
  }

  function checkWords(r, add) {
    const one = (path, table, v) => {
      if (v && !T[table].has(v))
        add(path, "stop", "「" + v + "」は使えない値です。選び直してください。");
    };
    one("sex", "sexes", r.sex);
    one("outcome", "outcomes", r.outcome);
    one("kind", "kinds", r.kind);
    one("share", "shares", r.share);
    r.documents.forEach((d) => one("documents", "documents", d));
    r.quals.forEach((q, i) => {
      one("quals." + i + ".status", "statuses", q.status);
      one("quals." + i + ".source", "sources", q.source);
    });
    r.contacts.forEach((c, i) => one("contacts." + i + ".result", "results", c.result));
  }

  function checkPerson(r, add) {
    const month = parseMonth(r.month), birth = parseDay(r.birth), kana = trim(r.kana);
    if (month.error)
      add("month", "stop", month.error);
    else if (nextMonth(month.month) < P.fushoSince)
      add("month", "warn",
          "不詳にできるのは、" + Math.floor(P.fushoSince / 100) + "年" + P.fushoSince % 100 +
              "月以後に請求するときだけです。");
    if (!["karte", "name", "kana", "birth"].some((k) => trim(r[k])))
      add("karte", "stop", "カルテ番号、氏名、カナ氏名、生年月日のどれかを入力してください。");
    if (birth.error)
      add("birth", "stop", birth.error);
    else if (birth.day && month.month && Math.floor(birth.day / 100) > month.month)
      add("birth", "warn", "診療年月より後の日付です。");
    else if (!birth.day)
      add("birth", "warn", "生年月日がないと、レセプトと結びつきません。");
    if (!trim(r.karte) && (!r.sex || !(kana || trim(r.name))))
      add("karte", "warn", "カルテ番号がないときは、性別とカナ氏名（または氏名）で照合します。");
    if (claimBytes(trim(r.karte)) > P.bytes.karte)
      add("karte", "warn", "カルテ番号が長すぎます（半角で" + P.bytes.karte + "文字まで）。");
    if (/[\u3041-\u3096\u4e00-\u9fff]/.test(kana))
      add("kana", "warn", "カタカナで入力してください。");
  }

  function checkDay(path, text, add) {
    const got = parseDay(text);
    if (got.error) add(path, "stop", got.error);
    return got.day;
  }

  function checkVisit(r, add) {
    const day = checkDay("day", r.day, add), time = parseTime(r.time),
          month = parseMonth(r.month).month;
    if (time.error)
      add("time", "stop", time.error);
    else if (time.time && !trim(r.day))
      add("day", "stop", "時刻だけでは記録できません。確認した日も入力してください。");
    if (day && month && Math.floor(day / 100) !== month)
      add("day", "warn", "診療年月と違う月の日付です。");
    if (!r.outcome && (trim(r.day) || trim(r.response) || declarationFilled(r)))
      add("outcome", "warn",
          trim(r.response) ?
              "選ばないときは、確認結果のファイルの内容によります。" :
              "画面の表示を選んでください。選ばないときは「" + UNCHECKED.ja + "」として扱います。");
    if (r.documents.length > 1 && r.documents.includes(NONE))
      add("documents", "warn",
          "「" + T.documents.get(NONE).ja + "」と、ほかのものが一緒に選ばれています。");
  }

  function checkNumbers(q, path, add) {
    const insurer = readInsurer(q.insurer), kigo = trim(q.kigo), bango = trim(q.bango),
          branch = trim(narrow(q.branch));
    if (insurer.level) add(path + "insurer", insurer.level, insurer.text);
    for (const k of ["kigo", "bango"])
      if (claimBytes(trim(q[k])) > P.bytes[k])
        add(path + k, "bad",
            "長すぎます（半角で" + P.bytes[k] + "文字、全角で" + Math.floor(P.bytes[k] / 2) +
                "文字まで）。");
    if (branch && (!digits(branch) || branch.length > P.bytes.branch))
      add(path + "branch", "bad", "枝番は数字" + P.bytes.branch + "桁までです。");
    if (!isKouki(insurer.number)) return;
    if (kigo) add(path + "kigo", "bad", "後期高齢者医療には記号がありません。空欄にしてください。");
    if (bango && (!digits(narrow(bango)) || narrow(bango).length !== P.insurer.koukiBangoDigits))
      add(path + "bango", "bad",
          "後期高齢者医療の番号は" + P.insurer.koukiBangoDigits + "桁の数字です。");
  }

  function checkClass(r, q, path, add) {
    const code = trim(q.tokki), row = T.classes.get(code), month = parseMonth(r.month).month;
    if (!code) return;
    if (!row)
      add(path + "tokki", "warn",
          "「" + code + "」は所得区分の特記事項ではないので、使われません。");
    else if (month && (month < row.from || (row.to && month > row.to)))
      add(path + "tokki", "warn", "この診療年月には使えない区分です。");
    else if (row.kouki && readInsurer(q.insurer).number && !isKouki(readInsurer(q.insurer).number))
      add(path + "tokki", "warn", "後期高齢者だけの区分です。");
  }

  function checkQual(r, i, add) {
    const q = r.quals[i], path = "quals." + i + ".";
    if (!qualFilled(q)) return;
    if (!q.status) add(path + "status", "stop", "現在の資格か旧資格かを選んでください。");
    const from = checkDay(path + "from", q.from, add), to = checkDay(path + "to", q.to, add);
    if (from && to && from > to) add(path + "to", "bad", "終わりの日が、始まりの日より前です。");
    checkNumbers(q, path, add);
    checkClass(r, q, path, add);
    if (classOnly(q)) return;
    if (!trim(q.insurer))
      add(path + "insurer", "stop",
          "保険者番号を入力してください。わからないときは、この資格を消してください。");
    if (!trim(q.bango))
      add(path + "bango", "stop",
          "番号を入力してください。わからないときは、この資格を消してください。");
  }

  function checkDeclaration(r, add) {
    checkDay("declaredOn", r.declaredOn, add);
    if (!r.declared && declarationFilled(r))
      add("declared", "stop", "内容が入力されています。受け取り方を選ぶか、内容を消してください。");
    if (trim(r.phone) && !/[0-9]/.test(narrow(r.phone)))
      add("phone", "warn", "電話番号に数字がありません。");
  }

  function checkContact(r, i, add) {
    const c = r.contacts[i], path = "contacts." + i + ".";
    if (!contactFilled(c)) return;
    const on = checkDay(path + "on", c.on, add), visit = parseDay(r.day).day;
    if (!trim(c.on)) add(path + "on", "stop", "連絡した日を入力してください。");
    if (!c.result) add(path + "result", "stop", "連絡の結果を選んでください。");
    if (on && on < visit)
      add(path + "on", "bad", "受診した日（確認の日）より前です。");
    else if (on && on < P.contactsFrom)
      add(path + "on", "bad", wareki(P.contactsFrom) + "より前の日は記録できません。");
  }

  function checkRecord(r) {
    const out = [], add = (path, level, text) => out.push({path, level, text});
    checkTexts(r, add);
    checkWords(r, add);
    checkPerson(r, add);
    checkVisit(r, add);
    r.quals.forEach((_, i) => checkQual(r, i, add));
    checkDeclaration(r, add);
    r.contacts.forEach((_, i) => checkContact(r, i, add));
    for (const k of ["quals", "addresses", "contacts"])
      if (r[k].length > P.limits.FU_CAPTURE_ITEMS_MAX)
        add(k, "stop", "1人に" + P.limits.FU_CAPTURE_ITEMS_MAX + "件までです。");
    return out;
  }

  /* ---- Contradictions (E505), as evidence/merge.c finds them ---- */

  function holdsOn(q, day) {
    const from = parseDay(q.from).day, to = parseDay(q.to).day;
    return (!from || from <= day) && (!to || to >= day);
  }

  function contactContradictions(r, add) {
    const visit = parseDay(r.day).day;
    r.contacts.forEach((c, i) => {
      const on = parseDay(c.on).day;
      if (on && (on < visit || on < P.contactsFrom))
        add("contacts." + i + ".on", "contact", iso(on));
    });
    if (r.contacts.some((c) => c.result === TOLD) && !r.quals.some(counts))
      add("quals", "contact", TOLD);
  }

  function contradictions(r) {
    const out = [], visit = parseDay(r.day).day;
    const add = (path, item, found) =>
        out.push({code: "E505", path, text: fill("E505", {item, found})});
    contactContradictions(r, add);
    r.quals.forEach((q, i) => {
      const from = parseDay(q.from).day, to = parseDay(q.to).day;
      if (counts(q) && from && to && from > to)
        add("quals." + i + ".from", "from", iso(from) + " > " + iso(to));
    });
    const first = chosen(r, CURRENT) || chosen(r, FORMER);
    const other = first &&
        r.quals.find((q) => counts(q) && q.status === first.status && !sameInsurance(first, q));
    if (other) add("quals." + r.quals.indexOf(other) + ".insurer", "qualification", other.insurer);
    r.quals.forEach((q, i) => {
      if (!visit || !counts(q) || q.status !== CURRENT || q.source === ONLINE || holdsOn(q, visit))
        return;
      const early = parseDay(q.from).day > visit;
      add("quals." + i + (early ? ".from" : ".to"), early ? "from" : "to",
          iso(parseDay(early ? q.from : q.to).day));
    });
    return out;
  }

  /* ---- The route, as decide/decide.c finds it, as far as the capture alone decides ---- */

  function chosen(r, status) { return r.quals.find((q) => q.status === status && counts(q)); }

  function documentOk(r, word, day) {
    const row = T.documents.get(word);
    if (!row.alone && !r.documents.includes(CARD)) return false;
    if (!day) return true;
    if (row.from && day < row.from) return false;
    const online = r.quals.some((q) => counts(q) && q.source === ONLINE);
    return !row.to || day <= row.to || (online && row.onlineTo !== 0 && day <= row.onlineTo);
  }

  /* The last one refused; null where one is good or none was given. */
  function refusedDocument(r) {
    const day = parseDay(r.day).day, month = parseMonth(r.month).month;
    const given = P.documents.filter((d) => d.word !== NONE && r.documents.includes(d.word));
    const last = month ? month * 100 + daysInMonth(Math.floor(month / 100), month % 100) : 0;
    const ok = (d) =>
        (day ? documentOk(r, d.word, day) :
               documentOk(r, d.word, month * 100 + (month ? 1 : 0)) || documentOk(r, d.word, last));
    return given.length && !given.some(ok) ? given[given.length - 1] : null;
  }

  const HAS = {
    kana: (r) => trim(r.kana),
    kind: (r) => r.kind,
    address: (r) => addressesOf(r).length,
    phone: (r) => trim(r.phone),
  };
  const WHERE = {kana: "kana", kind: "kind", address: "addresses.0", phone: "phone"};

  function fushoReasons(r) {
    const out = [], add = (code, path, values) => out.push({code, path, text: fill(code, values)});
    if (!r.declared) {
      add("R601", "declared", {item: T.items.get("declaration").ja});
      return out;
    }
    for (const item of P.required)
      if (!HAS[item.word](r)) add("R601", WHERE[item.word], {item: item.ja});
    if (!r.contacts.some(contactFilled)) add("R602", "contacts");
    if (r.documents.length === 1 && r.documents[0] === NONE) add("R603", "documents");
    return out;
  }

  function ownFindings(r) {
    const out = [];
    r.quals.forEach((q, i) => {
      const path = "quals." + i + ".";
      if (!qualFilled(q) || classOnly(q)) return;
      for (const k of ["insurer", "bango"])
        if (!trim(q[k])) out.push({code: "E502", path: path + k, text: fill("E502", {item: k})});
      if (isSevens(q.insurer))
        out.push(
            {code: "E509", path: path + "insurer", text: fill("E509", {found: trim(q.insurer)})});
    });
    return out;
  }

  function routeReasons(r, q) {
    const out = [], refused = refusedDocument(r), outcome = T.outcomes.get(r.outcome) || UNCHECKED;
    const day = parseDay(r.day).day;
    if (refused)
      out.push({
        code: "E512",
        path: "documents",
        text: fill("E512", {found: refused.ja, item: iso(day)})
      });
    if (outcome.ambiguous && !(q && q.status === CURRENT))
      out.push({code: "E511", path: "outcome", text: fill("E511")});
    return q ? out : out.concat(fushoReasons(r));
  }

  /* {route, reasons}: route "" while the captures alone cannot say. Reasons to hold have a path. */
  function judge(r, problems) {
    const stops =
        (problems || checkRecord(r))
            .filter((p) => p.level === "stop" && !/^quals\.\d+\.(insurer|bango)$/.test(p.path));
    const outcome = T.outcomes.get(r.outcome) || UNCHECKED;
    const against = contradictions(r), own = ownFindings(r);
    const unusable = stops.map((p) => ({code: "E502", path: p.path, text: p.text}));
    if (unusable.length) return {route: "hold", reasons: unusable.concat(own, against)};
    if (!r.outcome && trim(r.response)) return {route: "", reasons: []};
    if (!outcome.affected)
      return {route: against.length ? "hold" : "none", reasons: against.concat(own)};
    const q = chosen(r, CURRENT) || chosen(r, FORMER);
    const route = !q ? "fusho" : q.status === CURRENT ? "current" : "kyushikaku";
    const misfit = (problems || checkRecord(r))
                       .filter(
                           (p) => q && p.level === "bad" &&
                               p.path.startsWith("quals." + r.quals.indexOf(q) + "."))
                       .map((p) => ({code: "", path: p.path, text: p.text}));
    const held = routeReasons(r, q).concat(against);
    return {
      route: held.length || misfit.length ? "hold" : route,
      wanted: route,
      reasons: held.concat(own, misfit)
    };
  }

  /* Two records of one person in one month (E503), as far as typed texts show it. */
  function samePerson(a, b) {
    const karte = [a, b].map((r) => foldWidth(r.karte)),
          birth = [a, b].map((r) => parseDay(r.birth).day);
    const name = [a, b].map((r) => foldWidth(r.kana).replace(/\s/g, ""));
    if (!birth[0] || birth[0] !== birth[1] ||
        parseMonth(a.month).month !== parseMonth(b.month).month)
      return false;
    if (karte[0] && karte[1]) return karte[0] === karte[1];
    return a.sex !== "" && a.sex === b.sex && name[0] !== "" && name[0] === name[1];
  }

  return {
    P,
    T,
    CURRENT,
    FORMER,
    NONE,
    PAPER,
    VERBAL,
    TEXTS,
    QUAL,
    trim,
    narrow,
    foldWidth,
    iso,
    wareki,
    seireki,
    parseDay,
    parseMonth,
    parseTime,
    checkDigit,
    readInsurer,
    isSevens,
    fill,
    newRecord,
    newQual,
    newContact,
    qualFilled,
    classOnly,
    contactFilled,
    addressesOf,
    declarationFilled,
    isEmpty,
    counts,
    sameInsurance,
    checkRecord,
    contradictions,
    judge,
    samePerson,
    claimBytes
  };
}
