/* Capture files: the bytes of a saved page, and the records of a file that was opened. What cannot
 * be read is told with its line, never dropped silently. */
function makeFiles(F) {
  const P = F.P, trim = F.trim;

  /* ---- Writing XML ---- */

  const xmlText = (s) =>
      s.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/\r/g, "&#13;");
  const xmlValue = (s) =>
      xmlText(s).replace(/"/g, "&quot;").replace(/\t/g, "&#9;").replace(/\n/g, "&#10;");
  const day = (text) => F.iso(F.parseDay(text).day);
  const tag = (name, values) => "<" + name +
      values.filter(([, v]) => v).map(([k, v]) => " " + k + '="' + xmlValue(v) + '"').join("");
  const at = (r) =>
      day(r.day) + (r.time && F.parseTime(r.time).time ? "T" + F.parseTime(r.time).time : "");
  const quals = (r) => r.quals.filter(F.qualFilled);
  const contacts = (r) => r.contacts.filter(F.contactFilled);
  const texts = (o, names) => names.map((k) => [k, trim(o[k])]);

  function qualXml(q) {
    return tag("qualification",
               [
                 ...texts(q, ["status", "source", "insurer", "kigo", "bango", "branch", "tokki"]),
                 ["from", day(q.from)], ["to", day(q.to)]
               ]) +
        "/>";
  }

  function declarationXml(r) {
    const head = tag("declaration", [
      ["on", day(r.declaredOn)], ["kind", r.kind], ["insurer-name", trim(r.insurerName)],
      ["workplace", trim(r.workplace)], ["share", r.share], ["phone", trim(r.phone)],
      ["verbal", r.declared === F.VERBAL ? "yes" : ""]
    ]);
    const list = F.addressesOf(r).map((a) => "      <address>" + xmlText(a) + "</address>");
    return list.length ? [head + ">", ...list, "    </declaration>"].join("\n") : head + "/>";
  }

  function recordXml(r) {
    const lines =
        [tag("patient",
             [...texts(r, ["karte", "name", "kana"]), ["birth", day(r.birth)], ["sex", r.sex]]) +
         "/>"];
    const check = [["at", at(r)], ["outcome", r.outcome], ["response", trim(r.response)]];
    if (check.some(([, v]) => v)) lines.push(tag("check", check) + "/>");
    for (const d of r.documents) lines.push(tag("presented", [["document", d]]) + "/>");
    for (const q of quals(r)) lines.push(qualXml(q));
    if (r.declared) lines.push(declarationXml(r));
    for (const c of contacts(r))
      lines.push(tag("contact", [["on", day(c.on)], ["result", c.result]]) + "/>");
    return "  " + tag("capture", [["id", r.id], ["month", String(F.parseMonth(r.month).month)]]) +
        ">\n" + lines.map((l) => "    " + l + "\n").join("") + "  </capture>\n";
  }

  function toXml(records) {
    return '<?xml version="1.0" encoding="UTF-8"?>\n<captures xmlns="' + P.namespace + '">\n' +
        records.map(recordXml).join("") + "</captures>\n";
  }

  /* ---- Writing CSV ---- */

  const cell = (s) => (/[",\r\n]/.test(s) ? '"' + s.replace(/"/g, '""') + '"' : s);
  const noQual = F.newQual("");
  const byStatus = (r, status) =>
      quals(r).find((q) => q.status === status && !F.classOnly(q)) || noQual;
  /* One column for the income class: of the current numbers, else of the former ones. */
  const classQual =
      (r) => [byStatus(r, F.CURRENT), byStatus(r, F.FORMER)].find((q) => q !== noQual) ||
      quals(r).find(F.classOnly) || noQual;

  function recordCells(r) {
    const now = byStatus(r, F.CURRENT), old = byStatus(r, F.FORMER), v = {
      id: r.id,
      month: String(F.parseMonth(r.month).month),
      karte: trim(r.karte),
      name: trim(r.name),
      kana: trim(r.kana),
      birth: day(r.birth),
      sex: r.sex,
      check_at: at(r),
      outcome: r.outcome,
      response: trim(r.response),
      documents: r.documents.join("|"),
      tokki: trim(classQual(r).tokki),
      declared_on: day(r.declaredOn),
      verbal: r.declared === F.VERBAL ? "yes" : "",
      kind: r.kind,
      insurer_name: trim(r.insurerName),
      workplace: trim(r.workplace),
      share: r.share,
      phone: trim(r.phone),
      address: F.addressesOf(r).join("|"),
      contact: contacts(r).map((c) => day(c.on) + "=" + c.result).join("|"),
    };
    for (const k of ["insurer", "kigo", "bango", "branch"]) {
      v["current_" + k] = trim(now[k]);
      v["former_" + k] = trim(old[k]);
    }
    return P.columns.map((c) => cell(v[c]));
  }

  function toCsv(records) {
    return "\ufeff" +
        [P.columns, ...records.map(recordCells)].map((row) => row.join(",") + "\r\n").join("");
  }

  const READS_NOTHING = (r) =>
      !["declaredOn", "kind", "insurerName", "workplace", "share", "phone"].some(
          (k) => trim(r[k])) &&
      !F.addressesOf(r).length;

  /* What of a record a CSV has no place for, in the desk's words. */
  function csvLosses(r) {
    const out = [], q = quals(r),
          kept = [byStatus(r, F.CURRENT), byStatus(r, F.FORMER), classQual(r)];
    if (q.some((x) => x.source)) out.push(F.T.items.get("source").ja);
    if (q.some((x) => trim(x.from) || trim(x.to))) out.push("資格の始まる日・終わる日");
    if (q.some((x) => !kept.includes(x))) out.push("2つ目より後の資格");
    if (q.some((x) => trim(x.tokki) && x !== classQual(r))) out.push("もう一方の資格の特記事項");
    if (F.addressesOf(r).some((a) => a.includes("|"))) out.push("住所の中の「|」");
    if (r.declared === F.PAPER && READS_NOTHING(r))
      out.push("申立書を受け取ったこと（内容が空のため）");
    return out;
  }

  /* A class without numbers has a place in a CSV only. */
  const xmlLosses = (r) =>
      (r.quals.some((q) => F.qualFilled(q) && F.classOnly(q)) ? ["番号のない所得区分（特記事項）"] :
                                                                []);

  /* ---- Reading: bytes ---- */

  class Unreadable extends Error {}
  const refuse = (line, text) => {
    throw new Unreadable((line ? line + "行目: " : "") + text);
  };

  function decode(bytes, label) {
    try {
      return new TextDecoder(label, {fatal: true}).decode(bytes);
    } catch (e) {
      return null;
    }
  }

  function xmlEncoding(bytes) {
    const head = String.fromCharCode(...bytes.slice(0, 200));
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
    const m = /^(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head),
          name = m ? m[1].toLowerCase() : "utf-8";
    return /^(cp932|windows-31j|ms932|x-sjis|shift[-_]jis|sjis)$/.test(name) ? "shift_jis" : name;
  }

  function readBytes(bytes) {
    if (bytes.length > P.limits.FU_EVIDENCE_FILE_BYTES_MAX) refuse(0, "ファイルが大きすぎます。");
    if (bytes[0] === 0x1f && bytes[1] === 0x8b)
      refuse(0, "圧縮されたファイル（.gz）です。展開してから開いてください。");
    const head = String.fromCharCode(...bytes.slice(0, 64))
                     .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, "")
                     .replace(/\0/g, "");
    if (/^\s*</.test(head)) {
      const text = decode(bytes, xmlEncoding(bytes));
      return text === null ?
          refuse(0, "文字コードが、書かれているもの（" + xmlEncoding(bytes) + "）と合いません。") :
          readXml(text);
    }
    const text = decode(bytes, "utf-8") ?? decode(bytes, "shift_jis");
    return text === null ?
        refuse(0, "文字として読めないバイトがあります（UTF-8 でも CP932 でもありません）。") :
        readCsv(text);
  }

  /* ---- Reading XML ---- */

  /* The line of every start tag, in the order of the document: comments and the like are blanked.
   */
  function tagLines(text) {
    const blank = (s) => s.replace(/[^\n]/g, " ");
    const bare = text.replace(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>/g, blank),
          out = [];
    let line = 1;
    for (const m of bare.matchAll(/\n|<[^\s/!?<>]/g)) m[0] === "\n" ? line++ : out.push(line);
    return out;
  }

  function parseXml(text) {
    if (/<!DOCTYPE/i.test(text.replace(/<!--[\s\S]*?-->/g, "")))
      refuse(0, "DTD（<!DOCTYPE）のあるファイルは読みません。");
    const doc = new DOMParser().parseFromString(text, "application/xml");
    const error = doc.getElementsByTagName("parsererror")[0];
    if (error)
      refuse(
          Number((/line (\d+)/i.exec(error.textContent) || [])[1] || 0),
          "XML の形が正しくありません（途中で切れているか、書き間違いがあります）。");
    const root = doc.documentElement;
    if (root.localName === "XmlMsg")
      refuse(
          0,
          "オンライン資格確認の結果のファイルです。ここでは開かず、記録を保存するフォルダーに一緒に置いてください。");
    if (root.localName !== "captures" || root.namespaceURI !== P.namespace)
      refuse(0, "窓口記録のファイルではありません（最上位の要素が captures ではありません）。");
    return doc;
  }

  function newReader() { return {records: [], notes: [], changed: false, ids: new Set()}; }

  /* One line for the clerk about what was not taken in. */
  function note(R, line, r, text) {
    const where = (line ? line + "行目" : "") + (r && r.id ? "（記録 " + r.id + "）" : "");
    R.changed = true;
    R.notes.push((where ? where + ": " : "") + text);
  }

  const label = (name) => (F.T.items.has(name) ? F.T.items.get(name).ja + " " + name : name);

  function attributesOf(R, el, line, r) {
    const known = P.elements.find((x) => x.word === el.localName).attributes,
          out = Object.fromEntries(known.map((k) => [k, ""]));
    for (const a of el.attributes) {
      if (a.name === "xmlns" || a.prefix === "xmlns" ||
          (el.localName === "captures" && a.namespaceURI))
        continue;
      if (!a.namespaceURI && known.includes(a.name))
        out[a.name] = trim(a.value);
      else
        note(
            R, line, r,
            "知らない属性 " + a.name + "（値「" + a.value + "」）は取り込んでいません。");
    }
    return out;
  }

  function takeTime(r, text) {
    const m = /^([^T ]*)[T ](.*)$/.exec(text);
    r.day = m ? m[1] : text;
    r.time = m ? m[2] : "";
  }

  const TAKE = {
    patient: (r, a) => {
      for (const k of ["karte", "name", "kana", "birth", "sex"]) r[k] = a[k];
    },
    check: (r, a) => {
      takeTime(r, a.at);
      r.outcome = a.outcome;
      r.response = a.response;
    },
    presented: (r, a) => {
      if (!r.documents.includes(a.document)) r.documents.push(a.document);
    },
    qualification: (r, a) => {
      r.quals.push({...F.newQual(""), ...a});
    },
    contact: (r, a) => {
      r.contacts.push({on: a.on, result: a.result});
    },
    declaration: (r, a) => {
      r.declared = a.verbal === "yes" ? F.VERBAL : F.PAPER;
      Object.assign(r, {
        declaredOn: a.on,
        kind: a.kind,
        insurerName: a["insurer-name"],
        workplace: a.workplace,
        share: a.share,
        phone: a.phone
      });
      r.addresses = [];
    },
    address: (r, a, el) => {
      const text = trim(el.textContent), one = text.replace(/[ \t]*[\r\n]+[ \t]*/g, " ");
      if (text) r.addresses.push(one);
      return one === text ? "" : "住所の中の改行は、空白に直しました。";
    },
  };
  const MAYBE_TEXT = ["address"];

  function takeElement(R, el, r, seen, lineOf) {
    const row = P.elements.find((x) => x.word === el.localName && el.namespaceURI === P.namespace),
          line = lineOf(el);
    const parent = el.parentNode.localName;
    if (!row || row.parent.toLowerCase() !== parent)
      return note(
          R, line, r, "知らない要素 " + el.nodeName + " は、中身も含めて取り込んでいません。");
    if (row.once && seen.has(row.word))
      return note(
          R, line, r,
          "2つ目の " + label(row.word) + " は取り込んでいません（1つの記録に1つだけです）。");
    seen.add(row.word);
    const a = attributesOf(R, el, line, r);
    if (row.word === "declaration" && !["", "yes", "no"].includes(a.verbal))
      note(
          R, line, r,
          label("verbal") + " の値「" + a.verbal +
              "」は使えません。紙の申立書として取り込みました。");
    const told = TAKE[row.word](r, a, el);
    if (told) note(R, line, r, told);
    for (const n of el.childNodes) {
      if (n.nodeType === 1)
        takeElement(R, n, r, seen, lineOf);
      else if (
          (n.nodeType === 3 || n.nodeType === 4) && trim(n.data) && !MAYBE_TEXT.includes(row.word))
        note(R, line, r, "要素の間の文字「" + trim(n.data) + "」は取り込んでいません。");
    }
  }

  /* Ids name records in the report: one each. */
  function settleId(R, r, line) {
    const old = r.id;
    if (old && !R.ids.has(old)) return R.ids.add(old);
    let n = 1;
    while (R.ids.has("c" + n)) n++;
    r.id = "c" + n;
    R.ids.add(r.id);
    note(
        R, line, r,
        old ? "記録の番号「" + old + "」が2回あるため、番号を付け直しました。" :
              "記録の番号がないため、番号を付けました。");
  }

  function keep(R, r, line) {
    if (R.records.length >= P.limits.FU_CAPTURES_MAX)
      refuse(line, "記録が多すぎます（" + P.limits.FU_CAPTURES_MAX + "件まで）。");
    if (!r.addresses.length) r.addresses.push("");
    settleId(R, r, line);
    R.records.push(r);
  }

  function readXml(text) {
    const doc = parseXml(text), lines = tagLines(text), order = [...doc.getElementsByTagName("*")],
          R = newReader();
    const where = new Map(order.map((el, i) => [el, lines[i]])), lineOf = (el) => where.get(el);
    attributesOf(R, doc.documentElement, lineOf(doc.documentElement), null);
    for (const el of doc.documentElement.childNodes) {
      if (el.nodeType === 3 && trim(el.data))
        note(R, 0, null, "要素の間の文字「" + trim(el.data) + "」は取り込んでいません。");
      if (el.nodeType !== 1) continue;
      if (el.localName !== "capture" || el.namespaceURI !== P.namespace) {
        note(
            R, lineOf(el), null,
            "知らない要素 " + el.nodeName + " は、中身も含めて取り込んでいません。");
        continue;
      }
      const a = attributesOf(R, el, lineOf(el), null), r = F.newRecord(a.id, a.month),
            seen = new Set();
      r.addresses = [];
      for (const n of el.childNodes) {
        if (n.nodeType === 1)
          takeElement(R, n, r, seen, lineOf);
        else if (n.nodeType !== 8 && trim(n.data || ""))
          note(R, lineOf(el), r, "要素の間の文字「" + trim(n.data) + "」は取り込んでいません。");
      }
      keep(R, r, lineOf(el));
    }
    const comments = doc.createTreeWalker(doc, NodeFilter.SHOW_COMMENT);
    let count = 0;
    while (comments.nextNode()) count++;
    if (count) R.notes.push("説明書き（コメント）" + count + "か所は、取り込んでいません。");
    return R;
  }

  /* ---- Reading CSV ---- */

  function csvRows(text) {
    const rows = [], ENDS = /[,\r\n]/g;
    let i = 0, line = 1;
    text = text.replace(/\u001a$/, "");
    while (i < text.length) {
      const row = {line, cells: []}, begin = i;
      for (;;) {
        let v = "";
        if (text[i] === '"') {
          const first = line;
          for (i++;; i++) {
            if (i >= text.length) refuse(first, "引用符（\"）が閉じられていません。");
            if (text[i] === '"' && text[i + 1] !== '"') break;
            if (text[i] === '"') i++;
            if (text[i] === "\n") line++;
            v += text[i];
          }
          i++;
          if (i < text.length && !/[,\r\n]/.test(text[i]))
            refuse(line, "引用符の後ろに文字があります。");
        } else {
          ENDS.lastIndex = i;
          const end = ENDS.exec(text), to = end ? end.index : text.length;
          v = text.slice(i, to);
          i = to;
        }
        row.cells.push(trim(v));
        if (text[i] !== ",") break;
        i++;
      }
      if (row.cells.length > P.limits.FU_CSV_FIELDS_MAX)
        refuse(row.line, "列が多すぎます（" + P.limits.FU_CSV_FIELDS_MAX + "列まで）。");
      if (i - begin > P.limits.FU_CSV_ROW_BYTES_MAX) refuse(row.line, "1行が長すぎます。");
      if (text[i] === "\r") i++;
      if (text[i] === "\n") i++;
      line++;
      rows.push(row);
    }
    return rows.filter((r) => r.cells.some((c) => c));
  }

  function csvHeader(row) {
    if (!row || !row.cells.some((c) => P.columns.includes(c)))
      refuse(row ? row.line : 0, "見出しの行（列の名前）がありません。");
    row.cells.forEach((c, i) => {
      if (c && !P.columns.includes(c))
        refuse(row.line, "見出しの" + (i + 1) + "列目「" + c + "」は知らない列名です。");
      if (c && row.cells.indexOf(c) !== i)
        refuse(row.line, "見出しの" + (i + 1) + "列目「" + c + "」は2回あります。");
    });
    if (!row.cells.includes("id") || !row.cells.includes("month"))
      refuse(row.line, "見出しに id と month の列がありません。");
    return row.cells;
  }

  const listed = (s) => s.split("|").map(trim).filter((x) => x);

  function csvQuals(r, v) {
    for (const [status, prefix] of [[F.CURRENT, "current_"], [F.FORMER, "former_"]]) {
      const q = F.newQual(status);
      for (const k of ["insurer", "kigo", "bango", "branch"]) q[k] = v[prefix + k];
      if (F.qualFilled(q)) r.quals.push(q);
    }
    if (v.tokki && !r.quals.length) r.quals.push(F.newQual(F.FORMER));
    if (v.tokki) r.quals[0].tokki = v.tokki;
  }

  function csvDeclaration(R, r, v, line) {
    Object.assign(r, {
      declaredOn: v.declared_on,
      kind: v.kind,
      insurerName: v.insurer_name,
      workplace: v.workplace,
      share: v.share,
      phone: v.phone
    });
    r.addresses = listed(v.address).map((a) => a.replace(/[ \t]*[\r\n]+[ \t]*/g, " "));
    if (!["", "yes", "no"].includes(v.verbal))
      note(
          R, line, r,
          label("verbal") + " の値「" + v.verbal +
              "」は使えません（yes、no）。取り込んでいません。");
    if (v.verbal === "yes")
      r.declared = F.VERBAL;
    else if (F.declarationFilled(r))
      r.declared = F.PAPER;
  }

  function csvContact(text) {
    const n = text.indexOf("=");
    return n < 0 ? {on: text, result: ""} :
                   {on: trim(text.slice(0, n)), result: trim(text.slice(n + 1))};
  }

  function readCsv(text) {
    const [head, ...rows] = csvRows(text.replace(/^\ufeff/, "")), names = csvHeader(head),
                 R = newReader();
    for (const row of rows) {
      const v = Object.fromEntries(P.columns.map((c) => [c, ""])), r = F.newRecord("", "");
      row.cells.forEach((c, i) => {
        if (names[i]) v[names[i]] = c;
      });
      Object.assign(r, {
        id: v.id,
        month: v.month,
        karte: v.karte,
        name: v.name,
        kana: v.kana,
        birth: v.birth,
        sex: v.sex,
        outcome: v.outcome,
        response: v.response
      });
      row.cells.forEach((c, i) => {
        if (c && !names[i])
          note(
              R, row.line, r,
              "見出しのない" + (i + 1) + "列目の「" + c + "」は取り込んでいません。");
      });
      takeTime(r, v.check_at);
      r.documents = [...new Set(listed(v.documents))];
      csvQuals(r, v);
      csvDeclaration(R, r, v, row.line);
      r.contacts = listed(v.contact).map(csvContact);
      keep(R, r, row.line);
    }
    return R;
  }

  return {toXml, toCsv, csvLosses, xmlLosses, readBytes, readXml, readCsv, Unreadable};
}
