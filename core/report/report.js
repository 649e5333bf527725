"use strict";
/* The list can be ticked off, searched and filtered. The page is whole without this; what it knows
 * it reads from the page, and nothing but the ticks is kept: in the browser, under a number. */
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (css, from = document) => Array.from(from.querySelectorAll(css));
  const tools = byId("tools");
  document.documentElement.classList.add("js");
  if (!tools) return;

  // A browser may refuse storage to files; then a tick lasts as long as the page is open.
  const PREFIX = "fusho.report.";
  const recall = (key) => {
    try {
      return localStorage.getItem(PREFIX + key) !== null;
    } catch (refused) {
      return false;
    }
  };
  const remember = (key, ticked) => {
    try {
      if (ticked) localStorage.setItem(PREFIX + key, "1");
      else localStorage.removeItem(PREFIX + key);
    } catch (refused) {
      return;
    }
  };

  // Width, case, kana, blanks and hyphens make no difference.
  const fold = (text) =>
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\s\-‐-―−ー]/g, "")
      .replace(/[ァ-ヶ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));

  const items = all(".item").map((element) => ({
    element,
    text: fold(element.textContent),
    sev: element.dataset.sev.split(" "),
    route: [element.dataset.route],
    key: element.dataset.key,
    box: element.querySelector(".tick input"),
  }));
  const todo = items.filter((item) => item.box);
  const groups = all(".group").map((element) => ({ element, items: all(".item", element), left: element.querySelector(".left b") }));
  const buttons = all("button[data-by]", tools);
  const search = byId("q");
  const hide = byId("hide");
  const status = byId("status");

  const pressed = (by) =>
    buttons.filter((b) => b.dataset.by === by && b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.is);

  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
  };

  const count = () => {
    const shown = items.filter((item) => !item.element.hidden).length;
    const left = todo.filter((item) => !item.box.checked).length;
    for (const group of groups) {
      const boxes = all(".tick input", group.element);
      if (boxes.length) group.left.textContent = String(boxes.filter((box) => !box.checked).length);
      group.element.hidden = group.items.every((element) => element.hidden);
    }
    say(
      "残り " + left + " 件" +
        (shown === items.length ? "" : shown ? "・" + items.length + " 件のうち " + shown + " 件を表示" : "・当てはまるものはありません")
    );
    // What is printed says that it is not all.
    status.classList.toggle("filtered", shown < items.length);
    tools.classList.toggle("filtered", shown < items.length);
  };

  const apply = () => {
    const words = search.value.split(/\s+/).map(fold).filter((word) => word);
    const by = { sev: pressed("sev"), route: pressed("route") };
    const fits = (item, what) => !by[what].length || by[what].some((value) => item[what].includes(value));
    for (const item of items)
      item.element.hidden = !(
        words.every((word) => item.text.includes(word)) &&
        fits(item, "sev") &&
        fits(item, "route") &&
        !(hide.checked && item.box && item.box.checked)
      );
    count();
  };

  // The box that had the focus went away with its card: on to the next one that is there.
  const moveOn = (from) => {
    const after = todo.indexOf(from);
    const next = todo.slice(after).concat(todo.slice(0, after).reverse()).find((item) => !item.element.hidden);
    (next ? next.box : hide).focus();
  };

  for (const item of todo) {
    const mark = () => item.element.classList.toggle("ticked", item.box.checked);
    item.box.checked = recall(item.key);
    mark();
    item.box.addEventListener("change", () => {
      remember(item.key, item.box.checked);
      mark();
      apply();
      if (item.element.hidden) moveOn(item);
    });
  }
  for (const button of buttons) {
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      apply();
    });
  }
  search.addEventListener("input", apply);
  hide.addEventListener("change", apply);
  byId("clear").addEventListener("click", () => {
    search.value = "";
    hide.checked = false;
    for (const button of buttons) button.setAttribute("aria-pressed", "false");
    apply();
    search.focus();
  });
  // The same report open twice.
  window.addEventListener("storage", () => {
    for (const item of todo) {
      item.box.checked = recall(item.key);
      item.element.classList.toggle("ticked", item.box.checked);
    }
    apply();
  });
  tools.hidden = false;
  apply();
})();
