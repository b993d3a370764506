'use strict';
// A click on a heading sorts by it: numbers the largest first, and the other way around with the next click.
for (const table of document.querySelectorAll('table[data-sort]')) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const value = (row, i) => row.cells[i].dataset.v ?? row.cells[i].textContent;
  heads.forEach((head, i) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const number = head.classList.contains('n');
      const up = head.ariaSort ? head.ariaSort === 'descending' : !number;
      for (const other of heads) other.ariaSort = null;
      head.ariaSort = up ? 'ascending' : 'descending';
      const order = (a, b) => number ? value(a, i) - value(b, i) : value(a, i).localeCompare(value(b, i), 'en', { numeric: true });
      body.append(...[...body.rows].sort((a, b) => up ? order(a, b) : order(b, a)));
    });
  });
}
const data = document.getElementById('data');
if (data) {
  const { images, sets, kinds } = JSON.parse(data.textContent);
  const packages = [];
  for (const [kind, ...names] of kinds) {
    for (const [name, ...versions] of names) {
      for (let i = 0; i < versions.length; i += 2) packages.push([kind, name, versions[i], sets[versions[i + 1]]]);
    }
  }
  const texts = packages.map(([kind, name, version]) => `${name} ${version} ${kind}`.toLowerCase());
  const query = document.getElementById('q');
  const found = document.getElementById('found');
  const results = document.getElementById('results');
  const body = results.querySelector('tbody');
  const most = 200;
  const cell = (row, ...content) => {
    const td = row.insertCell();
    td.append(...content);
    return td;
  };
  const link = (image) => {
    const a = document.createElement('a');
    a.href = `${image[1]}#packages`;
    a.textContent = image[0];
    return a;
  };
  const search = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    body.replaceChildren();
    const hits = words.length ? packages.filter((_, i) => words.every((word) => texts[i].includes(word))) : [];
    for (const [kind, name, version, having] of hits.slice(0, most)) {
      const row = body.insertRow();
      cell(row, name);
      cell(row, version);
      cell(row, kind);
      const names = having.length === images.length && having.length > 1 ? [`all ${having.length}`]
        : having.flatMap((x, i) => i ? [', ', link(images[x])] : [link(images[x])]);
      cell(row, ...names).className = 'long';
    }
    results.hidden = hits.length === 0;
    found.textContent = words.length ? `${hits.length} found${hits.length > most ? `, the first ${most} shown` : ''}` : `${packages.length} packages`;
  };
  query.addEventListener('input', search);
  search();
}
