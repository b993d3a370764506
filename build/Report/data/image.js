'use strict';
// Sections become tabs (WAI-ARIA Authoring Practices, "Tabs Pattern"); the address says which one is open.
const list = document.querySelector('.tabs');
const tabs = [...list.querySelectorAll('a')];
const panelOf = (tab) => document.getElementById(tab.hash.slice(1));
const open = (tab, focus) => {
  for (const other of tabs) {
    other.setAttribute('aria-selected', other === tab);
    other.tabIndex = other === tab ? 0 : -1;
    panelOf(other).hidden = other !== tab;
  }
  if (focus) tab.focus();
};
const named = () => tabs.find((x) => x.hash === location.hash) ?? tabs[0];
list.setAttribute('role', 'tablist');
list.setAttribute('aria-label', 'About this image');
for (const tab of tabs) {
  const panel = panelOf(tab);
  tab.setAttribute('role', 'tab');
  tab.setAttribute('aria-controls', panel.id);
  panel.setAttribute('role', 'tabpanel');
  panel.setAttribute('aria-labelledby', tab.id);
  panel.tabIndex = 0;
  tab.addEventListener('click', (event) => {
    event.preventDefault();
    history.replaceState(null, '', tab.hash);
    open(tab);
  });
}
list.addEventListener('keydown', (event) => {
  const at = tabs.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  const tab = tabs.at(to % tabs.length);
  history.replaceState(null, '', tab.hash);
  open(tab, true);
});
addEventListener('hashchange', () => open(named()));
open(named());
const filter = document.getElementById('filter');
if (filter) {
  const rows = [...document.querySelectorAll('.packages tbody tr')];
  const left = document.getElementById('left');
  filter.addEventListener('input', () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) count++;
    }
    left.textContent = words.length ? `${count} of ${rows.length}` : '';
  });
}
