/* A year can be clicked as well as typed: the lines in the form are what counts, the grid writes them. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-year]");
  if (!form) { return; }
  var lines = form.querySelector("textarea[name=days]");
  var hint = form.querySelector("[data-click-hint]");
  var next = { plain: "holiday", weekend: "makeup", holiday: "makeup", makeup: "" };
  if (hint) { hint.hidden = false; }

  /* Ranges are written out day by day before a click changes one of them. */
  function read() {
    var days = {};
    lines.value.split("\n").forEach(function (line) {
      var found = line.match(/^\s*(\d{4}-\d{2}-\d{2})(?:\s*(?:至|到|~)\s*(\d{4}-\d{2}-\d{2}))?\s+(\S+)\s*(.*)$/);
      if (!found) { if (line.trim()) { days["~" + line] = line; } return; }
      var day = new Date(found[1] + "T00:00:00Z"), last = new Date((found[2] || found[1]) + "T00:00:00Z");
      for (var n = 0; day <= last && n < 40; n += 1) {
        days[day.toISOString().slice(0, 10)] = found[3] + (found[4] ? " " + found[4] : "");
        day = new Date(day.getTime() + 86400000);
      }
    });
    return days;
  }

  function write(days) {
    lines.value = Object.keys(days).sort().map(function (day) {
      return day.charAt(0) === "~" ? days[day] : day + " " + days[day];
    }).join("\n");
  }

  function kindOf(cell) {
    return ["holiday", "makeup", "weekend", "plain"].filter(function (kind) { return cell.classList.contains("d-" + kind); })[0];
  }

  function show(cell, kind) {
    var weekend = [0, 6].indexOf(new Date(cell.getAttribute("data-day") + "T00:00:00Z").getUTCDay()) >= 0;
    ["holiday", "makeup", "weekend", "plain"].forEach(function (each) { cell.classList.remove("d-" + each); });
    cell.classList.add("d-" + (kind || (weekend ? "weekend" : "plain")));
    var mark = cell.querySelector("small");
    if (!mark) { mark = document.createElement("small"); cell.appendChild(mark); }
    mark.textContent = { holiday: "休", makeup: "班" }[kind] || "";
  }

  form.addEventListener("click", function (event) {
    var cell = event.target.closest("td[data-day]");
    if (!cell) { return; }
    var kind = next[kindOf(cell)], days = read(), day = cell.getAttribute("data-day");
    if (kind) { days[day] = kind === "holiday" ? "放假 放假" : "上班 调休上班"; } else { delete days[day]; }
    write(days);
    show(cell, kind);
  });
})();
