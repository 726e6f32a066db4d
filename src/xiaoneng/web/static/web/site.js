/* What a page gains with JavaScript; every page also works without this file.
   Busy buttons and no double post, drafts of typed text, a word before a file is too large, large print without a
   reload, and a board that says when it has lost the line. The keys of the staff's pages are in staff.js. */
(function () {
  "use strict";

  function each(selector, act, root) {
    Array.prototype.forEach.call((root || document).querySelectorAll(selector), act);
  }

  /* ---------- one press, one post ---------- */
  function busy(form, button) {
    if (!button || button.tagName !== "BUTTON") { return; }
    button.style.width = button.offsetWidth + "px"; // the button keeps its place while its words change
    button.setAttribute("data-words", button.textContent);
    button.textContent = "正在提交…";
    button.classList.add("is-busy");
    button.setAttribute("aria-disabled", "true");
  }

  function idle(form) {
    form.removeAttribute("data-sent");
    each(".is-busy", function (button) {
      button.textContent = button.getAttribute("data-words");
      button.classList.remove("is-busy");
      button.removeAttribute("aria-disabled");
      button.style.width = "";
    }, form);
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-plain")) { return; }
    // What opens in another tab, as a preview does, leaves this form as it was.
    if (event.submitter && event.submitter.getAttribute("formtarget") === "_blank") { return; }
    if (form.hasAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "");
    keepDraft(form, true);
    busy(form, event.submitter || form.querySelector("button.button"));
  });

  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { each("form[data-sent]", idle); }
  });

  /* ---------- nothing typed is lost ---------- */
  function draftName(form) {
    return "draft:" + location.pathname + ":" + form.getAttribute("data-draft");
  }

  function draftFields(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && !/^(hidden|file|password|submit|button|search)$/.test(field.type) && field.tagName !== "BUTTON";
    });
  }

  function keepDraft(form, sent) {
    if (!form.hasAttribute("data-draft") || form.hasAttribute("data-draft-owner")) { return; }
    var values = draftFields(form).map(function (field) {
      return [field.name, field.value, /^(checkbox|radio)$/.test(field.type) ? field.checked : null];
    });
    var kept = { version: form.getAttribute("data-draft-version"), sent: !!sent, values: values };
    try { sessionStorage.setItem(draftName(form), JSON.stringify(kept)); } catch (full) { /* private window: no draft */ }
  }

  /* A draft that was sent is gone as soon as the case has moved on; if it has not moved, the words come back. */
  function restoreDraft(form) {
    var kept;
    try { kept = JSON.parse(sessionStorage.getItem(draftName(form))); } catch (broken) { kept = null; }
    if (!kept) { return; }
    if (kept.sent && kept.version !== form.getAttribute("data-draft-version")) {
      sessionStorage.removeItem(draftName(form));
      return;
    }
    if (form.querySelector(".field-bad")) { return; } // the server has just answered with what was typed
    var changed = false;
    draftFields(form).forEach(function (field, place) {
      var value = kept.values[place];
      if (!value || value[0] !== field.name) { return; }
      if (value[2] === null && field.value !== value[1]) { field.value = value[1]; changed = true; }
      if (value[2] !== null && field.value === value[1] && field.checked !== value[2]) { field.checked = value[2]; changed = true; }
    });
    var word = form.querySelector("[data-draft-word]");
    if (changed && word) { word.hidden = false; }
  }

  each("form[data-draft]:not([data-draft-owner])", function (form) {
    restoreDraft(form);
    form.addEventListener("input", function () { keepDraft(form, false); });
    form.addEventListener("change", function () { keepDraft(form, false); });
  });

  /* the refusal that a form came back with is read first */
  var refusal = document.querySelector("[data-obstacles]");
  if (refusal) { refusal.focus(); }

  /* ---------- files: a word before the upload instead of after it ---------- */
  function megabytes(bytes) { return (bytes / 1048576).toFixed(1) + " MB"; }

  each("input[type=file][data-max]", function (input) {
    var word = document.createElement("div");
    word.className = "error-text";
    word.setAttribute("role", "alert");
    input.parentNode.insertBefore(word, input);
    input.addEventListener("change", function () {
      var most = Number(input.getAttribute("data-max"));
      var large = Array.prototype.filter.call(input.files || [], function (file) { return file.size > most; })[0];
      word.textContent = "";
      input.parentNode.classList.toggle("field-bad", !!large);
      if (!large) { return; }
      word.textContent = "「" + large.name + "」有 " + megabytes(large.size) + "，每个文件不能超过 " + megabytes(most) + "。请压缩或分成几个文件后再选。";
      input.value = "";
    });
  });

  /* ---------- large print ---------- */
  each("a[data-large]", function (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      var large = document.documentElement.classList.toggle("large");
      document.cookie = "large=" + (large ? "1" : "0") + "; path=/; max-age=31536000; SameSite=Lax";
      link.textContent = large ? "标准字号" : "大字版";
      link.href = link.href.replace(/large=[01]/, "large=" + (large ? "0" : "1"));
    });
  });

  /* ---------- suggestions: down goes into the list, up comes back, Escape closes it ---------- */
  each("[data-suggest]", function (box) {
    var list = document.getElementById("suggestions");
    function links() { return Array.prototype.slice.call(list.querySelectorAll("a")); }
    function close() { list.textContent = ""; }
    box.form.addEventListener("keydown", function (event) {
      var all = links(), at = all.indexOf(document.activeElement);
      if (event.isComposing) { return; }
      if (event.key === "Escape" && list.firstChild) { event.preventDefault(); close(); box.focus(); }
      if (event.key === "ArrowDown" && all.length) { event.preventDefault(); all[Math.min(at + 1, all.length - 1)].focus(); }
      if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (at ? all[at - 1] : box).focus(); }
    });
    document.addEventListener("click", function (event) { if (!box.form.contains(event.target)) { close(); } });
    box.form.addEventListener("focusout", function (event) {
      if (event.relatedTarget && !box.form.contains(event.relatedTarget)) { close(); }
    });
  });

  each("[data-print]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  /* ---------- the live board ---------- */
  var moved = 0, before = {};
  document.addEventListener("mousemove", function () { moved = Date.now(); }, { passive: true });

  function order(root) {
    return Array.prototype.map.call(root.querySelectorAll("[data-place]"), function (row) {
      return row.getAttribute("data-place");
    }).join(" ");
  }

  /* A row must not slip away under a pointer that is about to click: the new order waits until the pointer rests. */
  function underPointer() {
    return Date.now() - moved < 1500 && !!document.querySelector("[data-live] [data-place]:hover");
  }

  document.addEventListener("htmx:beforeSwap", function (event) {
    var board = document.querySelector("[data-live]"), answer = event.detail.xhr;
    if (!board || answer.status !== 200) { return; }
    var fresh = new DOMParser().parseFromString(answer.responseText, "text/html");
    if (underPointer() && order(fresh) !== order(board)) { event.detail.shouldSwap = false; return; }
    before = {};
    each("[data-live] [data-cell]", function (cell) { before[cell.getAttribute("data-cell")] = cell.textContent.trim(); });
  });

  document.addEventListener("htmx:afterSwap", function () {
    each("[data-live] [data-cell]", function (cell) {
      if (before[cell.getAttribute("data-cell")] !== cell.textContent.trim()) { cell.classList.add("is-fresh"); }
    });
  });

  function line(lost) {
    each("[data-line-lost]", function (word) { word.hidden = !lost; });
    each("[data-line-good]", function (word) { word.hidden = lost; });
  }
  document.addEventListener("htmx:sendError", function () { line(true); });
  document.addEventListener("htmx:responseError", function () { line(true); });
  document.addEventListener("htmx:afterOnLoad", function (event) { if (event.detail.xhr.status < 400) { line(false); } });
})();
