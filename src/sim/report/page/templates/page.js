"use strict";
for (const element of document.querySelectorAll(".scripted")) element.hidden = false;

const compare = new Intl.Collator("en", { numeric: true }).compare;
const key = (row, column) => row.cells[column].dataset.order ?? row.cells[column].textContent;

function sort(table, heads, column) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const figures = rows.every((row) => !isNaN(key(row, column)));
  const before = heads[column].getAttribute("aria-sort");
  const rising = before ? before === "descending" : !figures; // figures begin with the largest
  rows.sort((one, other) => {
    const [a, b] = [key(one, column), key(other, column)];
    if (a === "" || b === "") return (a === "") - (b === ""); // what is missing comes last
    const order = figures ? a - b : compare(a, b);
    return rising ? order : -order;
  });
  body.append(...rows);
  for (const head of heads) head.removeAttribute("aria-sort");
  heads[column].setAttribute("aria-sort", rising ? "ascending" : "descending");
  const status = document.getElementById("sorted");
  status.textContent = `${table.caption.textContent}: sorted by ${heads[column].textContent}, ${rising ? "rising" : "falling"}`;
}

for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(table, heads, column));
  });
}

const filtered = document.getElementById("filtered");
if (filtered) {
  const containing = document.getElementById("containing");
  const basis = document.getElementById("basis");
  const lines = [...filtered.tBodies[0].rows];
  const texts = lines.map((line) => line.textContent.toLowerCase());

  const filter = () => {
    const words = containing.value.toLowerCase().split(/\s+/);
    let count = 0;
    lines.forEach((line, number) => {
      const fits = (!basis.value || line.className === basis.value) && words.every((word) => texts[number].includes(word));
      line.hidden = !fits;
      count += fits;
    });
    document.getElementById("shown").textContent = `${count.toLocaleString("en")} of ${lines.length.toLocaleString("en")} lines`;
  };
  containing.addEventListener("input", filter);
  basis.addEventListener("change", filter);
  containing.form.addEventListener("submit", (event) => event.preventDefault());
  filter();
}
