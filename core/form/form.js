/* The page itself: fields on one side, records on the other. What a patient said is only ever set
 * as text, never as markup. */
(function() {
const P = JSON.parse(document.getElementById("policy").textContent), F = makeFusho(P),
      files = makeFiles(F);
const $ = (id) => document.getElementById(id);
const KEPT = "fusho-form-1";
const S = {
  records: [],
  at: 0,
  dirty: false,
  folded: {},
  others: []
};
const record = () => S.records[S.at];
const nodes = new Map(); /* path of a field -> its box, input and message */

function el(name, text, cls) {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (cls) node.className = cls;
  return node;
}

/* ---- A value by its path: "kana", "quals.0.insurer", "addresses.1" ---- */

const get = (path) => path.split(".").reduce((o, k) => o[k], record());
function set(path, value) {
  const keys = path.split("."), last = keys.pop();
  keys.reduce((o, k) => o[k], record())[last] = value;
}

/* ---- Fields ---- */

function fillSelect(select, rows, empty) {
  select.replaceChildren(
      new Option(empty, ""), ...rows.map((r) => new Option(r.label || r.ja, r.word)));
}

const CHOOSE = "（選んでください）", UNSAID = "（記入なし）";
/* A value that is in no list still shows, so that it can be put right. */
function show(input, value) {
  if (input.tagName === "SELECT" && ![...input.options].some((o) => o.value === value))
    input.add(new Option("「" + value + "」", value));
  input.value = value;
}

function bind(box, path) {
  const input = box.querySelector("input, select"), id = "f-" + path.replace(/\./g, "-");
  const msg = el("p", "", "msg");
  msg.id = "m-" + id;
  box.querySelectorAll(".msg").forEach((m) => m.remove());
  box.append(msg);
  if (input && !["documents", "quals", "addresses", "contacts"].includes(path)) {
    input.id = id;
    input.dataset.path = path;
    input.setAttribute("aria-describedby", msg.id);
    const label = box.querySelector("label");
    if (label) label.htmlFor = id;
    if (input.tagName === "INPUT") input.autocomplete = "off";
  } else {
    box.setAttribute("aria-describedby", msg.id);
  }
  nodes.set(path, {box, input, msg});
}

const TAKES_DAY = /(^|\.)(birth|day|declaredOn|on|from|to)$/;

/* What the page understood, in the other calendar, so that a slip is seen at once. */
function reading(path, value) {
  const other = (day) =>
      (/^[0-9]{4}/.test(F.trim(F.narrow(value))) ? F.wareki(day) : F.seireki(day));
  if (!value) return "";
  if (TAKES_DAY.test(path)) {
    const day = F.parseDay(value).day;
    return day ? other(day) : "";
  }
  if (path === "month") {
    const m = F.parseMonth(value).month;
    return m ? other(m * 100 + 28).replace(/\d+日$/, "") : "";
  }
  if (path === "kind")
    return F.T.kinds.has(value) ?
        "請求先：" + (F.T.kinds.get(value).payer || "医療機関等が選びます") :
        "";
  return /\.insurer$/.test(path) ? F.readInsurer(value).kind : "";
}

const RANK = {
  stop: 4,
  bad: 3,
  need: 2,
  warn: 1
};
const NEEDED = "不詳で請求するには必要です。";
/* What holds the claim is told beside its field too. */
const asProblem = (x) =>
    (x.code === "R601" ? {path: x.path, level: "need", text: NEEDED} :
                         {path: x.path, level: /^R/.test(x.code) ? "need" : "bad", text: x.text});

function showMessages(problems) {
  const worst = new Map();
  for (const p of problems)
    if (!worst.has(p.path) || RANK[p.level] > RANK[worst.get(p.path).level]) worst.set(p.path, p);
  for (const [path, n] of nodes) {
    const p = worst.get(path), value = n.input && n.input.dataset.path ? get(path) : "";
    n.msg.textContent = p ? p.text : reading(path, value);
    n.msg.className = "msg " + (p ? p.level : "read");
    const target = n.input && n.input.dataset.path ? n.input : n.box;
    if (target === n.input)
      target.setAttribute("aria-invalid", String(Boolean(p && RANK[p.level] > RANK.need)));
  }
}

/* ---- Repeated parts ---- */

function instance(template, path, prefix) {
  const part = $(template).content.firstElementChild.cloneNode(true);
  for (const box of part.querySelectorAll(".field")) {
    const item = box.dataset.item;
    for (const s of box.querySelectorAll("select[data-words]"))
      fillSelect(s, P[s.dataset.words], CHOOSE);
    bind(box, item ? path + "." + item : path);
  }
  const drop = part.querySelector(".drop");
  drop.setAttribute("aria-label", prefix + "を消す");
  drop.addEventListener("click", () => dropPart(path));
  return part;
}

function dropPart(path) {
  const [list, i] = path.split(".");
  record()[list].splice(Number(i), 1);
  if (list === "addresses" && !record().addresses.length) record().addresses.push("");
  drawParts();
  touched();
  update();
  const next = document.querySelector("#" + list + " input, #" + list + " select") ||
      $({quals: "add-current", addresses: "add-address", contacts: "add-contact"}[list]);
  next.focus();
}

const classLabel = (r) => r.word + " " + r.ja + "（" +
    [1, 2, 3].filter((n) => r.shares & (1 << n)).map((n) => n + "割").join("・") +
    (r.kouki ? "・後期" : "") + "）";

function drawQual(q, i) {
  const row = F.T.statuses.get(q.status),
        title = (row ? row.ja : "資格") + (record().quals.length > 1 ? " " + (i + 1) : "");
  const part = instance("t-qual", "quals." + i, title);
  fillSelect(
      part.querySelector("[data-item=tokki] select"),
      P.classes.map((r) => ({word: r.word, label: classLabel(r)})), "（記録しない）");
  part.querySelector("h3").textContent = title;
  part.setAttribute("aria-label", title);
  part.classList.toggle("former", q.status === F.FORMER);
  return part;
}

function drawParts() {
  const r = record();
  for (const path of [...nodes.keys()])
    if (/\.\d/.test(path)) nodes.delete(path);
  $("quals").replaceChildren(...r.quals.map(drawQual));
  $("addresses").replaceChildren(...r.addresses.map((_, i) => {
    const part = instance("t-address", "addresses." + i, "住所" + (i + 1));
    part.querySelector("label").textContent = "住所" + (i + 1);
    part.querySelector(".drop").hidden = r.addresses.length === 1;
    return part;
  }));
  $("contacts").replaceChildren(...r.contacts.map((_, i) => {
    const part = instance("t-contact", "contacts." + i, "連絡" + (i + 1));
    part.setAttribute("aria-label", "連絡" + (i + 1));
    return part;
  }));
  const full = (list) => r[list].length >= P.limits.FU_CAPTURE_ITEMS_MAX;
  $("add-current").disabled = $("add-former").disabled = full("quals");
  $("add-address").disabled = full("addresses");
  $("add-contact").disabled = full("contacts");
  for (const [path, n] of nodes)
    if (/\.\d/.test(path)) show(n.input, get(path));
}

function drawDocuments() {
  const r = record(),
        odd = r.documents.filter((d) => !F.T.documents.has(d))
                  .map((d) => ({word: d, ja: "「" + d + "」"}));
  $("documents").replaceChildren(...[...P.documents, ...odd].map((d) => {
    const label = el("label"), box = el("input");
    box.type = "checkbox";
    box.value = d.word;
    box.checked = r.documents.includes(d.word);
    label.append(box, el("span", d.ja));
    return label;
  }));
}

function draw() {
  const r = record();
  S.folded = {};
  drawParts();
  drawDocuments();
  for (const [path, n] of nodes)
    if (!/\.\d/.test(path) && n.input && n.input.dataset.path) show(n.input, r[path]);
  $("record-id").textContent = r.id;
  update();
}

/* ---- The verdict ---- */

const ROUTE = Object.fromEntries(P.routes.map((r) => [r.word, r.ja]));
const LEAD = {
  none: "画面の表示がこのままなら、レセプトの番号は書き換えません。",
  current: "現在の資格の番号で請求します。申立書や連絡の記録は要りません。",
  kyushikaku:
      "旧資格の番号で請求し、摘要欄に「旧資格情報」と記録します。公費との併用や高額療養費のとき、一度返戻されたときは、扱いが変わることがあります。",
  fusho: "申立書の内容を摘要欄に記録して、不詳で請求します。",
  hold: "次のことが済むまで、レセプトは書き換えられません。",
  "": "確認結果のファイルの内容とあわせて決まります。",
};
const FINAL =
    "レセプト種別、特記事項、請求先など、レセプトと合わないところがあれば保留になります。最後の扱いは fusho がレセプトとあわせて決めます。";

/* Only records of one birth date can be one person's: so that a long list is not compared pair by
 * pair. */
function byBirth() {
  const groups = new Map();
  for (const r of S.records) {
    const day = F.parseDay(r.birth).day;
    if (day) groups.set(day, (groups.get(day) || []).concat(r));
  }
  return groups;
}

/* The same person twice in a month: neither record would be used. */
function twins(r, groups) {
  return (groups.get(F.parseDay(r.birth).day) || []).filter((x) => x !== r && F.samePerson(x, r));
}

function verdictOf(r, groups = byBirth()) {
  const problems = F.checkRecord(r), others = twins(r, groups), same = others.concat(r);
  if (!others.length) return {problems, others, ...F.judge(r, problems)};
  const ids = S.records.filter((x) => same.includes(x)).map((x) => x.id).join("、");
  return {
    problems,
    others,
    route: "hold",
    reasons: [{code: "E503", path: "karte", text: F.fill("E503", {item: ids})}]
  };
}

function jumpTo(path) {
  const n = nodes.get(path) || nodes.get(path.split(".")[0]);
  const box = n ? n.box : $("form");
  for (let d = box.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
  const target = n && n.input && n.input.dataset.path ?
      n.input :
      box.querySelector("input:not([disabled]), select, button") || box;
  target.focus();
  target.scrollIntoView({block: "center"});
}

function link(text, act) {
  const a = el("a", text);
  a.href = "#form";
  a.addEventListener("click", (e) => {
    e.preventDefault();
    act();
  });
  return a;
}

function reasonItem(x) {
  const li = el("li"), row = F.T.findings.get(x.code);
  li.append(
      link((["E502", ""].includes(x.code) ? labelOf(x.path) : "") + x.text, () => jumpTo(x.path)));
  if (x.code && x.code !== "E502")
    li.append(el("span", "→ " + row.hint + "（" + x.code + "）", "next"));
  return li;
}

function showVerdict(v) {
  const blank = F.isEmpty(record());
  $("route").textContent = blank ? "まだ入力がありません" :
      v.route                    ? ROUTE[v.route] :
                                   "まだ決まりません";
  $("summary").className = blank     ? "" :
      v.route === "hold"             ? "hold" :
      v.route === "none" || !v.route ? "" :
                                       "good";
  $("route-lead").textContent = blank ? "上から順に入力してください。" : LEAD[v.route];
  $("reasons").replaceChildren(...(blank ? [] : v.reasons.map(reasonItem)));
  $("route-note").textContent =
      !blank && ["current", "kyushikaku", "fusho"].includes(v.route) ? FINAL : "";
}

/* Folded while the route does not ask for them; what was typed stays. */
function fold(v) {
  const r = record(), outcome = F.T.outcomes.get(r.outcome),
        asked = (outcome && outcome.affected && !r.quals.some(F.counts)) || v.wanted === "fusho";
  const parts = [
    ["s-declaration", r.declared || F.declarationFilled(r)],
    ["s-contacts", r.contacts.some(F.contactFilled)]
  ];
  for (const [id, filled] of parts) {
    const problems = v.problems.some(
        (p) => p.level !== "warn" && $(id).contains((nodes.get(p.path) || {}).box || null));
    if (S.folded[id] !== asked)
      $(id).open = Boolean(asked) || problems;
    else if (problems)
      $(id).open = true;
    S.folded[id] = asked;
    $(id).querySelector(".folded").textContent = asked ? "" :
        filled ? "いまの扱いでは使いません（入力した内容は残ります）" :
                 "いまの扱いでは要りません";
  }
}

function update() {
  const groups = byBirth(), v = verdictOf(record(), groups),
        others = new Set([...S.others, ...v.others]);
  S.others = v.others;
  showMessages(v.problems.concat(v.reasons.filter((x) => x.code !== "E502").map(asProblem)));
  showVerdict(v);
  fold(v);
  drawItem(S.at, v);
  /* What is typed here may make another record the second of its person, or the only one again. */
  others.forEach((r) => drawItem(S.records.indexOf(r), verdictOf(r, groups)));
}

/* ---- The list ---- */

const titleOf = (r) =>
    F.trim(r.name) || F.trim(r.kana) || (F.trim(r.karte) ? "（氏名なし）" : "（新しい患者）");
function stateOf(r, v) {
  if (F.isEmpty(r)) return ["", "入力前"];
  return [
    v.route === "hold"                 ? "error" :
        v.route === "none" || !v.route ? "soft" :
                                         "ok",
    v.route === "hold" ? "保留" :
        v.route        ? ROUTE[v.route] :
                         "まだ決まりません"
  ];
}

function drawItem(i, v) {
  const b = $("list").querySelector('button[data-i="' + i + '"]'), r = S.records[i];
  if (!b) return;
  const [cls, text] = stateOf(r, v), month = F.parseMonth(r.month).month;
  b.replaceChildren(
      el("span", titleOf(r), "who"),
      el("span",
         [F.trim(r.karte), month ? Math.floor(month / 100) + "年" + month % 100 + "月" : ""]
             .filter((x) => x)
             .join("　"),
         "soft"),
      el("span", text, "state " + cls));
  if (i === S.at)
    b.setAttribute("aria-current", "true");
  else
    b.removeAttribute("aria-current");
}

const folded = (s) => F.foldWidth(s).replace(/\s/g, "").toLowerCase().replace(
    /[\u3041-\u3096]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x60));
function drawList() {
  const want = folded($("search").value);
  const hits =
      S.records.map((r, i) => i)
          .filter(
              (i) => !want ||
                  folded([
                    S.records[i].karte, S.records[i].name, S.records[i].kana, S.records[i].id
                  ].join("\n"))
                      .includes(want));
  $("list").replaceChildren(...hits.map((i) => {
    const li = el("li"), b = el("button");
    b.type = "button";
    b.dataset.i = i;
    li.append(b);
    return li;
  }));
  const groups = byBirth();
  hits.forEach((i) => drawItem(i, verdictOf(S.records[i], groups)));
  $("found").textContent =
      want ? S.records.length + "人のうち" + hits.length + "人" : S.records.length + "人";
}

function select(i, focus) {
  S.at = i;
  draw();
  for (const b of $("list").querySelectorAll("button"))
    b.toggleAttribute("aria-current", Number(b.dataset.i) === i);
  if (focus) $(focus).focus();
}

function newId() {
  const used = new Set(S.records.map((r) => r.id));
  let n = S.records.length + 1;
  while (used.has("c" + n)) n++;
  return "c" + n;
}

function monthNow() {
  const last = S.records.length ? S.records[S.records.length - 1].month : "", d = new Date();
  return last || String(d.getFullYear()) + String(d.getMonth() + 1).padStart(2, "0");
}

function addRecord(r) {
  S.records.push(r);
  $("search").value = "";
  drawList();
  select(S.records.length - 1, r.karte ? "f-month" : "f-karte");
}

function copyRecord() {
  const r = JSON.parse(JSON.stringify(record()));
  r.id = newId();
  addRecord(r);
  touched();
  tell("写しました", [
    "診療年月か患者を、新しい記録に合わせて直してください。同じ患者の同じ月の記録が2つあると、どちらも使われません。"
  ]);
}

async function removeRecord() {
  const yes = await ask(
      "この記録を削除しますか",
      titleOf(record()) + "（記録 " + record().id +
          "）の記録を、一覧から消します。元に戻せません。",
      [], [["削除する", "yes"], ["やめる", ""]]);
  if (!yes) return;
  S.records.splice(S.at, 1);
  if (!S.records.length) S.records.push(F.newRecord(newId(), monthNow()));
  drawList();
  select(Math.min(S.at, S.records.length - 1), "summary-title");
  touched();
}

/* ---- Telling and asking ---- */

function tell(title, lines, wrong) {
  $("notice-title").textContent = title;
  $("notice-list").replaceChildren(...lines.map((l) => {
    const li = el("li");
    li.append(typeof l === "string" ? document.createTextNode(l) : l);
    return li;
  }));
  $("notice").className = "notice" + (wrong ? " wrong" : "");
  $("notice").focus();
  $("notice").scrollIntoView({block: "nearest"});
}

/* The value of the button that was pressed; "" for Escape. */
function ask(title, text, list, buttons) {
  $("ask-title").textContent = title;
  $("ask-text").textContent = text;
  $("ask-list").replaceChildren(...list.map((l) => el("li", l)));
  return new Promise((done) => {
    const d = $("ask");
    $("ask-buttons").replaceChildren(...buttons.map(([label, value], i) => {
      const b = el("button", label, i ? "" : "main");
      b.type = "button";
      b.value = value;
      b.addEventListener("click", () => d.close(value));
      return b;
    }));
    d.returnValue = "";
    d.addEventListener("close", () => done(d.returnValue), {once: true});
    d.addEventListener("cancel", () => {
      d.returnValue = "";
    }, {once: true});
    d.showModal();
  });
}

/* ---- Saving ---- */

function touched() {
  S.dirty = true;
  $("dirty").textContent = "まだ保存していません";
  remember();
}

function settled(text) {
  S.dirty = false;
  $("dirty").textContent = text;
  remember();
}

function fileName(records, ext) {
  const months = new Set(records.map((r) => F.parseMonth(r.month).month));
  return "capture" + (months.size === 1 ? "-" + [...months][0] : "") + "." + ext;
}

function download(name, text, type) {
  const a = el("a"), url = URL.createObjectURL(new Blob([text], {type}));
  a.href = url;
  a.download = name;
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

function stopLines(records) {
  const out = [];
  for (const r of records)
    for (const p of F.checkRecord(r).filter((x) => x.level === "stop"))
      out.push(link(titleOf(r) + "（記録 " + r.id + "）: " + labelOf(p.path) + p.text, () => {
        select(S.records.indexOf(r));
        jumpTo(p.path);
      }));
  return out;
}

const LABELS = {
  day: "at",
  declared: "declaration",
  declaredOn: "declared_on",
  insurerName: "insurer_name",
  quals: "qualification",
  addresses: "address",
  contacts: "contact",
  documents: "documents",
  time: "at"
};
function labelOf(path) {
  const [first, n, part] = path.split("."),
                   ja = (k) => (F.T.items.get(LABELS[k] || k) || {ja: ""}).ja;
  if (part) return ja(first) + (Number(n) + 1) + "の" + ja(part) + "：";
  return ja(first) + (n ? Number(n) + 1 : "") + "：";
}

const lossLines = (records, losses) =>
    records.map((r) => [r, losses(r)])
        .filter(([, l]) => l.length)
        .map(([r, l]) => titleOf(r) + "（記録 " + r.id + "）: " + l.join("、"));

async function save(kind) {
  const records = S.records.filter((r) => !F.isEmpty(r)), stops = stopLines(records);
  if (!records.length)
    return tell("保存する記録がありません", ["患者を入力してから保存してください。"], true);
  if (stops.length) return tell("まだ保存できません。次の欄を直してください。", stops, true);
  const csv = kind === "csv", lost = lossLines(records, csv ? files.csvLosses : files.xmlLosses);
  if (lost.length && !csv)
    return tell(
        "XML には書けない項目があります", [...lost, "番号を入力するか、CSV で保存してください。"],
        true);
  if (lost.length &&
      !await ask(
          "CSV には書けない項目があります",
          "次の項目は CSV に入りません。すべて残すには XML で保存してください。", lost,
          [["CSV で保存する", "yes"], ["やめる", ""]]))
    return undefined;
  const name = fileName(records, kind);
  download(
      name, csv ? files.toCsv(records) : files.toXml(records),
      csv ? "text/csv" : "application/xml");
  if (lost.length)
    $("dirty").textContent = name + " に保存しました（CSV に入らない項目があります）";
  else
    settled(name + " に保存しました（" + records.length + "人）");
  return undefined;
}

/* ---- Opening ---- */

function merge(R, replace) {
  const used = new Set(replace ? [] : S.records.filter((r) => !F.isEmpty(r)).map((r) => r.id));
  if (replace)
    S.records = [];
  else
    S.records = S.records.filter((r) => !F.isEmpty(r));
  for (const r of R.records) {
    const old = r.id;
    if (used.has(old)) {
      r.id = "";
      S.records.push(r);
      r.id = newId();
      R.changed = true;
      R.notes.push("記録の番号「" + old + "」は一覧にもうあるため、「" + r.id + "」にしました。");
    } else
      S.records.push(r);
    used.add(r.id);
  }
  if (!S.records.length) S.records.push(F.newRecord("c1", monthNow()));
}

/* Notes of things that a save would leave behind make the list another than the file. */
async function openBytes(name, bytes) {
  let R;
  try {
    R = files.readBytes(bytes);
  } catch (e) {
    if (!(e instanceof files.Unreadable)) throw e;
    return tell(name + " を開けません", [e.message], true);
  }
  const busy = S.records.some((r) => !F.isEmpty(r));
  const how = !busy ?
      "replace" :
      await ask(
          "いまの一覧をどうしますか",
          name + " には " + R.records.length + "人の記録があります。" +
              (S.dirty ? "いまの一覧には、まだ保存していない変更があります。" : ""),
          [], [["一覧に加える", "add"], ["一覧と入れ替える", "replace"], ["やめる", ""]]);
  if (!how) return undefined;
  merge(R, how === "replace");
  $("search").value = "";
  drawList();
  select(how === "replace" ? 0 : S.records.length - Math.max(R.records.length, 1));
  const stops = stopLines(R.records);
  if (how === "replace" && !R.changed)
    settled(name + " を開きました（" + R.records.length + "人）");
  else
    touched();
  if (R.notes.length || stops.length)
    tell(
        name + " を開きました。次のところを確かめてください。", [...R.notes, ...stops],
        stops.length > 0);
  else
    $("notice").className = "notice hidden";
  return undefined;
}

/* ---- Keeping drafts, only where the clerk wants it ---- */

const store = {
  read: () => {
    try {
      return localStorage.getItem(KEPT);
    } catch (e) {
      return null;
    }
  },
  write: (text) => {
    try {
      localStorage.setItem(KEPT, text);
      return true;
    } catch (e) {
      return false;
    }
  },
  clear: () => {
    try {
      localStorage.removeItem(KEPT);
    } catch (e) { /* nothing can be kept there either */
    }
  },
};

function remember() {
  if ($("keep").checked && !store.write(JSON.stringify({records: S.records, dirty: S.dirty}))) {
    $("keep").checked = false;
    tell(
        "書きかけを残せません",
        [
          "このブラウザーでは保存場所が使えないか、いっぱいです。「保存する」でファイルに保存してください。"
        ],
        true);
  }
}

function restore() {
  let kept = null;
  try {
    kept = JSON.parse(store.read());
  } catch (e) {
    store.clear();
  }
  if (!kept || !Array.isArray(kept.records) || !kept.records.length) return false;
  const blank = F.newRecord("", "");
  const usable = kept.records.every(
      (r) => r && Object.keys(blank).every((k) => typeof r[k] === typeof blank[k]));
  if (!usable) return false;
  S.records = kept.records;
  S.dirty = Boolean(kept.dirty);
  $("keep").checked = true;
  $("dirty").textContent =
      S.dirty ? "書きかけを読み込みました（まだ保存していません）" : "前回の内容を読み込みました";
  return true;
}

function forget() {
  store.clear();
  $("keep").checked = false;
  tell("消しました", [
    "このブラウザーに残した書きかけを消しました。いま開いている内容は、閉じるまで画面に残ります。"
  ]);
}

/* ---- Paper ---- */

const box = (on) => (on ? "☑" : "□");
function picks(cell, rows, chosen) {
  cell.replaceChildren(
      ...rows.map((r) => el("span", box(chosen.includes(r.word)) + " " + r.ja, "pick")));
}

const gap = (n) => "\u3000".repeat(n);
const blankDay = (era) => era + gap(3) + "年" + gap(2) + "月" + gap(2) + "日";
const dayOrText = (text) => {
  const d = F.parseDay(text).day;
  return d ? F.wareki(d) : F.trim(text);
};

function paperTexts(r) {
  const now = P.eras[P.eras.length - 1].ja, month = F.parseMonth(r.month).month;
  return {
    kana: r.kana,
    name: r.name,
    phone: r.phone,
    insurerName: r.insurerName,
    workplace: r.workplace,
    karte: r.karte,
    birth: F.trim(r.birth) ? dayOrText(r.birth) :
                             P.eras.map((e) => e.ja).join("・") + "\n" + blankDay(""),
    declaredOn: F.trim(r.declaredOn) ? dayOrText(r.declaredOn) : blankDay(now),
    month: month ? F.wareki(month * 100 + 28).replace(/\d+日$/, "") :
                   now + gap(3) + "年" + gap(2) + "月",
    addresses: F.addressesOf(r).join("\n"),
    contacts: r.contacts.filter(F.contactFilled)
                  .map((c) => dayOrText(c.on) + gap(1) + (F.T.results.get(c.result) || {ja: ""}).ja)
                  .join("\n"),
  };
}

function fillPaper(r) {
  const texts = paperTexts(r),
        cells = Object.fromEntries(
            [...document.querySelectorAll("[data-paper]")].map((c) => [c.dataset.paper, c]));
  for (const [k, t] of Object.entries(texts)) cells[k].textContent = F.trim(t);
  picks(cells.sex, P.sexes, [r.sex]);
  picks(cells.kind, P.kinds, [r.kind]);
  picks(cells.share, P.shares, [r.share]);
  picks(cells.outcome, P.outcomes.filter((o) => o.affected), [r.outcome]);
  picks(cells.documents, P.documents, r.documents);
}

function print(r) {
  fillPaper(r);
  $("paper").classList.remove("hidden");
  document.body.classList.add("printing");
  window.print();
}

function printed() {
  $("paper").classList.add("hidden");
  document.body.classList.remove("printing");
}

/* ---- Sources ---- */

const TABLES = [
  ["outcomes", "画面の表示"], ["documents", "提示されたもの"], ["kinds", "保険種別"],
  ["shares", "一部負担金の割合"], ["statuses", "資格の区別"], ["sources", "資格を知った方法"],
  ["results", "連絡の結果"], ["required", "不詳に必要な項目"], ["classes", "所得区分の特記事項"],
  ["houbetsu", "法別番号"], ["eras", "元号"], ["routes", "扱い"], ["findings", "確かめること"]
];
function drawSources() {
  $("source-tables").replaceChildren(...TABLES.flatMap(([name, title]) => {
    const table = el("table"), body = el("tbody"), head = el("tr");
    head.append(el("th", "内容"), el("th", "出典"));
    for (const r of P[name]) {
      const tr = el("tr");
      tr.append(
          el("td",
             (["classes", "houbetsu", "findings"].includes(name) ? r.word + " " : "") +
                 r.ja.replace(/（[^）]*\{[^）]*）|\{[a-z]+\}/g, "")),
          el("td", r.source));
      body.append(tr);
    }
    table.append(head, body);
    return [el("h3", title), table];
  }));
  $("edition").textContent = "fusho " + P.version + "／規則の版 " + P.rules;
}

/* ---- Events ---- */

function onInput(event) {
  const path = event.target.dataset.path;
  /* A field that was just taken away still tells that it changed. */
  if (path && ((nodes.get(path) || {}).input !== event.target || get(path) === event.target.value))
    return;
  if (path)
    set(path, event.target.value);
  else if (event.target.closest("#documents"))
    record().documents =
        [...document.querySelectorAll("#documents input:checked")].map((x) => x.value);
  else
    return;
  if (/^quals\.\d+\.status$/.test(path || "")) {
    const focus = event.target.id;
    drawParts();
    $(focus).focus();
  }
  touched();
  update();
}

function addPart(list, value, item) {
  record()[list].push(value);
  drawParts();
  touched();
  update();
  nodes.get(list + "." + (record()[list].length - 1) + item).input.focus();
}

function clearDeclaration() {
  Object.assign(record(), {
    declared: "",
    declaredOn: "",
    kind: "",
    insurerName: "",
    workplace: "",
    share: "",
    phone: "",
    addresses: [""]
  });
  draw();
  touched();
  $("f-declared").focus();
}

function listen() {
  const on = (id, act) => $(id).addEventListener("click", act);
  /* Both: some ways of filling in a field are told by one of them only. */
  $("form").addEventListener("input", onInput);
  $("form").addEventListener("change", onInput);
  $("form").addEventListener("submit", (e) => e.preventDefault());
  on("add", () => addRecord(F.newRecord(newId(), monthNow())));
  on("copy", copyRecord);
  on("remove", removeRecord);
  on("save-xml", () => save("xml"));
  on("save-csv", () => save("csv"));
  on("print-blank", () => print(F.newRecord("", "")));
  on("print-this", () => print(record()));
  on("add-current", () => addPart("quals", F.newQual(F.CURRENT), ".insurer"));
  on("add-former", () => addPart("quals", F.newQual(F.FORMER), ".insurer"));
  on("add-address", () => addPart("addresses", "", ""));
  on("add-contact", () => addPart("contacts", F.newContact(), ".on"));
  on("clear-declaration", clearDeclaration);
  on("notice-close", () => {
    $("notice").className = "notice hidden";
  });
  on("keep-clear", forget);
  $("keep").addEventListener("change", () => ($("keep").checked ? remember() : store.clear()));
  $("list").addEventListener("click", (e) => {
    const b = e.target.closest("button");
    if (b) select(Number(b.dataset.i), "summary-title");
  });
  $("search").addEventListener("input", drawList);
  $("open").addEventListener("change", async () => {
    const file = $("open").files[0];
    if (file) await openBytes(file.name, new Uint8Array(await file.arrayBuffer()));
    $("open").value = "";
  });
  window.addEventListener("beforeunload", (e) => {
    if (S.dirty) e.preventDefault();
  });
  window.addEventListener("afterprint", printed);
}

function start() {
  for (const s of document.querySelectorAll("#form select[data-words]"))
    fillSelect(s, P[s.dataset.words], s.dataset.words === "outcomes" ? CHOOSE : UNSAID);
  fillSelect(
      $("f-declared"),
      [{word: F.PAPER, ja: "紙で受け取った"}, {word: F.VERBAL, ja: "再診の患者に口頭で確かめた"}],
      "まだ受け取っていない");
  for (const b of document.querySelectorAll("#form .field[data-field]")) bind(b, b.dataset.field);
  drawSources();
  listen();
  if (!restore()) S.records = [F.newRecord("c1", monthNow())];
  drawList();
  select(0);
}

start();
window.fusho = {
  F,
  files,
  records: () => S.records,
  verdict: (i) => verdictOf(S.records[i])
};
})();
