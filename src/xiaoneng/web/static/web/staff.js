/* What the staff's pages gain with JavaScript; each of them also works without this file.
   Keys on the worklist and on a case, ticking several cases, drafts of what is typed, the viewer of files. */
(function () {
  "use strict";

  function each(selector, act, root) {
    Array.prototype.forEach.call((root || document).querySelectorAll(selector), act);
  }

  function one(selector, root) { return (root || document).querySelector(selector); }

  function typing(target) {
    return target && (/^(SELECT|TEXTAREA)$/.test(target.tagName) || target.isContentEditable ||
      (target.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(target.type)));
  }

  each("[data-scripted], [data-keys-open], [data-close-move]", function (part) { part.hidden = false; });

  /* ---------- nothing typed is lost ---------- */
  /* A draft lies in this browser under its writer, case and move. It goes when the move is on record, not before. */
  var WEEK = 7 * 86400000;

  function draftName(form) {
    return "draft:" + form.getAttribute("data-draft-owner") + ":" + form.getAttribute("data-draft-of");
  }

  function read(name) {
    try { return JSON.parse(localStorage.getItem(name)); } catch (broken) { return null; }
  }

  function forget(name) {
    try { localStorage.removeItem(name); } catch (closed) { /* nothing was kept */ }
  }

  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && field.name !== "case" && field.tagName !== "BUTTON" &&
        !/^(hidden|file|password|submit|button|search)$/.test(field.type);
    });
  }

  function ticks(field) { return /^(checkbox|radio)$/.test(field.type); }

  function hour(at) {
    var when = new Date(at), today = new Date().toDateString() === when.toDateString();
    var time = ("0" + when.getHours()).slice(-2) + ":" + ("0" + when.getMinutes()).slice(-2);
    return today ? time : (when.getMonth() + 1) + "月" + when.getDate() + "日 " + time;
  }

  function say(form, text, clearable) {
    var word = one("[data-draft-word]", form);
    if (!word) { return; }
    word.textContent = text;
    word.hidden = !text;
    if (!clearable) { return; }
    var drop = document.createElement("button");
    drop.type = "button";
    drop.className = "as-link";
    drop.textContent = "不要了，清空";
    drop.addEventListener("click", function () {
      forget(draftName(form));
      form.reset();
      say(form, "");
      mark(form, false);
    });
    word.appendChild(document.createTextNode(" "));
    word.appendChild(drop);
  }

  function mark(form, on) {
    var move = form.closest("details"), badge = move && one("[data-draft-mark]", move);
    if (badge) { badge.hidden = !on; }
  }

  function keep(form) {
    var values = fields(form).map(function (field) {
      return [field.name, field.value, ticks(field) ? field.checked : null];
    });
    var kept = { at: Date.now(), version: form.getAttribute("data-draft-version"), values: values };
    try {
      localStorage.setItem(draftName(form), JSON.stringify(kept));
      say(form, "已存在本机，" + hour(kept.at) + "。关掉页面、登录过期都不会丢。");
      mark(form, true);
    } catch (full) {
      say(form, "本机存不下草稿，请先不要关掉这一页。");
    }
  }

  function restore(form) {
    var kept = read(draftName(form));
    if (!kept) { return; }
    if (Date.now() - kept.at > WEEK) { forget(draftName(form)); return; }
    var changed = false;
    if (!one(".field-bad", form)) { // else the server has just answered with what was typed
      fields(form).forEach(function (field, place) {
        var value = kept.values[place];
        if (!value || value[0] !== field.name) { return; }
        if (!ticks(field) && field.value !== value[1]) { field.value = value[1]; changed = true; }
        if (ticks(field) && field.value === value[1] && field.checked !== value[2]) { field.checked = value[2]; changed = true; }
      });
    }
    mark(form, true);
    if (!changed) { return; }
    var moved = kept.version !== form.getAttribute("data-draft-version") ? "之后这件有过变动，请先核对。" : "";
    say(form, "已恢复您 " + hour(kept.at) + " 填到一半、没有提交的内容。" + moved, true);
    var move = form.closest("details");
    if (move) { move.open = true; }
  }

  each("[data-draft-done]", function (done) {
    var what = done.getAttribute("data-draft-done");
    var names = [];
    try { names = Object.keys(localStorage); } catch (closed) { return; }
    names.forEach(function (name) {
      if (/^draft:\d+:/.test(name) && name.replace(/^draft:\d+:/, "") === what) { forget(name); }
    });
  });

  each("form[data-draft-owner]", function (form) {
    restore(form);
    form.addEventListener("input", function () { keep(form); });
    form.addEventListener("change", function () { keep(form); });
  });

  /* ---------- rows ---------- */
  function rows() { return Array.prototype.slice.call(document.querySelectorAll("[data-row]")); }

  function chosen() { return one("[data-row].is-chosen"); }

  function link(row) { return row && (one("a[data-open]", row) || one("a", row)); }

  function choose(row) {
    each("[data-row].is-chosen", function (other) { other.classList.remove("is-chosen"); });
    row.classList.add("is-chosen");
    row.scrollIntoView({ block: "nearest" });
    link(row).focus();
  }

  function step(by) {
    var all = rows(), at = all.indexOf(chosen());
    var next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by));
    if (all[next]) { choose(all[next]); }
  }

  function tick(row) {
    var box = row && one("[data-tick]", row);
    if (box) { box.checked = !box.checked; counted(); }
  }

  function counted() {
    var bar = one("[data-bulk]");
    if (!bar) { return; }
    var n = document.querySelectorAll("[data-tick]:checked").length;
    one("[data-bulk-count]", bar).textContent = n ? "已勾选 " + n + " 件" : "勾选几件同一环节的，可以一起办";
    one("[data-bulk-none]", bar).hidden = !n;
    one("[data-bulk-go]", bar).hidden = !n;
    bar.classList.toggle("is-on", !!n);
  }

  each("[data-tick]", function (box) { box.addEventListener("change", counted); });
  each("[data-bulk-none]", function (button) {
    button.addEventListener("click", function () {
      each("[data-tick]:checked", function (box) { box.checked = false; });
      counted();
    });
  });
  counted();
  window.addEventListener("pageshow", counted);

  each("[data-row]", function (row) {
    row.addEventListener("focusin", function () {
      each("[data-row].is-chosen", function (other) { if (other !== row) { other.classList.remove("is-chosen"); } });
      row.classList.add("is-chosen");
    });
  });

  /* ---------- menus of filters ---------- */
  document.addEventListener("click", function (event) {
    each("details[data-menu][open]", function (menu) { if (!menu.contains(event.target)) { menu.open = false; } });
  });

  /* ---------- moves ---------- */
  function openMove(move) {
    move.open = true;
    var first = one("textarea, select, input:not([type=hidden])", move) || one("button", move);
    first.focus();
    if (first.select && first.tagName === "TEXTAREA") { first.setSelectionRange(first.value.length, first.value.length); }
    move.scrollIntoView({ block: "nearest" });
  }

  function closeMove(move) {
    move.open = false;
    one("summary", move).focus();
  }

  function moveOf(key) { return one('details[data-key="' + key + '"]'); }

  each("[data-close-move]", function (button) {
    button.addEventListener("click", function () { closeMove(button.closest("details")); });
  });

  /* a key pressed on a row of the worklist opens the move on the case's page */
  if (/^#key-[a-z]$/.test(location.hash)) {
    var wanted = moveOf(location.hash.slice(-1));
    if (wanted) { openMove(wanted); }
  }

  /* ---------- all keys on one card ---------- */
  var card = one("[data-keys]"), before = null;

  function showKeys() { before = document.activeElement; card.hidden = false; one("[data-keys-close]", card).focus(); }
  function hideKeys() { card.hidden = true; if (before) { before.focus(); } }

  if (card) {
    each("[data-keys-open]", function (button) { button.addEventListener("click", showKeys); });
    one("[data-keys-close]", card).addEventListener("click", hideKeys);
    card.addEventListener("click", function (event) { if (event.target === card) { hideKeys(); } });
  }

  function hotkey(key) {
    var found = Array.prototype.filter.call(document.querySelectorAll("[data-hotkey]"), function (part) {
      return part.getAttribute("data-hotkey") === key && !part.closest("[hidden]");
    })[0];
    if (found) { found.click(); }
    return !!found;
  }

  function onRows(event) {
    var row = chosen(), table = one("[data-move-keys]"), to = link(row);
    if (event.key === "j") { step(1); return true; }
    if (event.key === "k") { step(-1); return true; }
    if (event.key === "x") { tick(row); return true; }
    if (event.key === "Enter" && to && (document.activeElement === document.body || document.activeElement === to)) {
      to.click();
      return true;
    }
    if (to && table && table.getAttribute("data-move-keys").indexOf(event.key) >= 0 && /^[a-z]$/.test(event.key)) {
      location.href = to.href + "#key-" + event.key;
      return true;
    }
    return false;
  }

  document.addEventListener("keydown", function (event) {
    if (event.isComposing) { return; }
    var target = event.target, move = target.closest && target.closest("details.move[open]");
    if (card && !card.hidden) {
      if (event.key === "Escape") { hideKeys(); }
      if (event.key === "Tab") { event.preventDefault(); } // the card has one button, and keeps the focus on it
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      var form = target.form || (move && one("form", move));
      var button = form && form.method === "post" && one("button.button", form);
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    if (event.key === "Escape" && move) { closeMove(move); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(target)) { return; }
    var seek = one("[data-seek]");
    if (event.key === "/" && seek) { event.preventDefault(); seek.focus(); seek.select(); return; }
    if (rows().length && onRows(event)) { event.preventDefault(); return; }
    var opens = /^[a-z]$/.test(event.key) && moveOf(event.key);
    if (opens) { event.preventDefault(); openMove(opens); return; }
    if (event.key.length === 1 && hotkey(event.key)) { event.preventDefault(); }
  });

  /* ---------- the file in the viewer ---------- */
  var links = Array.prototype.slice.call(document.querySelectorAll("a[data-view]"));
  var frame = one("[data-frame]"), pane = one("[data-picture-pane]"), zoom = 100, at = 0;

  function drawZoom() {
    var current = links[at], picture = current.hasAttribute("data-picture");
    if (picture) { one("img", pane).style.width = zoom + "%"; return; }
    // a PDF is drawn by the browser's own viewer, which reads its scale from the address when it opens
    var fresh = frame.cloneNode(false);
    fresh.src = current.href + "#navpanes=0&" + (zoom === 100 ? "view=FitH" : "zoom=" + zoom);
    frame.parentNode.replaceChild(fresh, frame);
    frame = fresh;
  }

  function view(place, anew) {
    var current = links[place], picture = current.hasAttribute("data-picture");
    at = place;
    zoom = 100;
    each("[data-view-name]", function (word) { word.textContent = current.textContent; });
    each("[data-view-count]", function (word) { word.textContent = "第 " + (place + 1) + " 个，共 " + links.length + " 个"; });
    each("[data-view-link]", function (other) { other.href = current.href; });
    each(".paper.is-chosen", function (paper) { paper.classList.remove("is-chosen"); });
    each("a[data-view][aria-current]", function (other) { other.removeAttribute("aria-current"); });
    current.setAttribute("aria-current", "true");
    current.closest(".paper").classList.add("is-chosen");
    frame.hidden = picture;
    pane.hidden = !picture;
    frame.title = "材料：" + current.textContent;
    if (picture) {
      var image = one("img", pane) || pane.appendChild(document.createElement("img"));
      image.alt = current.textContent;
      image.src = current.href;
      pane.scrollTop = 0;
      drawZoom();
    } else if (anew) { drawZoom(); }
  }

  if (links.length && frame && pane) {
    links.forEach(function (other, place) {
      other.addEventListener("click", function (event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) { return; }
        event.preventDefault();
        view(place, true);
      });
    });
    each("[data-view-step]", function (button) {
      button.addEventListener("click", function () {
        view((at + Number(button.getAttribute("data-view-step")) + links.length) % links.length, true);
      });
    });
    each("[data-zoom]", function (button) {
      button.addEventListener("click", function () {
        var by = Number(button.getAttribute("data-zoom"));
        zoom = by === 0 ? 100 : Math.min(400, Math.max(50, zoom + 25 * by));
        drawZoom();
      });
    });
    view(0, false);
  }
})();
