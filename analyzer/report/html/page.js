// page: renders the data of the HTML report. Text goes in through textContent only.
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const make = (tag, properties, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {}))
      if (name in element) element[name] = value; else element.setAttribute(name, value);
    element.append(...children.filter(child => child !== null));
    return element;
  };
  const where = place => place.file + (place.line ? ':' + place.line : '');

  const source = place => {
    const lines = data.sources[place.file];
    if (!lines || !lines[place.line]) return null;
    const block = make('pre', {tabIndex: 0, 'aria-label': 'source of ' + where(place)});
    const numbers = [-3, -2, -1, 0, 1, 2, 3].map(offset => place.line + offset).filter(line => lines[line] !== undefined);
    // Without the indentation that all of them have but directives, so that more of the lines is in view.
    let common = lines[place.line].match(/^\s*/)[0];
    for (const line of numbers)
      while (lines[line].trim() && !/^#/.test(lines[line]) && !lines[line].startsWith(common)) common = common.slice(0, -1);
    for (const line of numbers)
      block.append(make('span', {className: line === place.line ? 'hit' : ''},
                        make('b', {textContent: line}), lines[line].slice(lines[line].startsWith(common) ? common.length : 0) || ' '));
    return block;
  };
  const locks = held => {
    const row = make('div', {className: 'chips'}, held.length ? 'holding ' : 'holding no lock');
    for (const lock of held) row.append(make('span', {className: 'chip', textContent: lock}));
    return row;
  };
  const step = entry => make('li', null,
    make('div', {textContent: entry.message}),
    make('div', {className: 'place', textContent: where(entry.place) + ' in ' + entry.function}),
    entry.locks ? locks(entry.locks) : null, source(entry.place));

  const details = finding => {
    const card = make('article', {className: 'card'});
    card.append(make('h2', {textContent: finding.message}));
    const meta = make('p', {className: 'meta'},
      make('span', {className: 'level ' + finding.severity, textContent: finding.severity}),
      ' · ' + finding.check + ' · ' + where(finding.place) +
      (finding.function ? ' in ' + finding.function : '') + ' · ' + finding.confidence + ' confidence · ' +
      finding.fingerprint);
    if (finding.state === 'suppressed')
      meta.append(' · suppressed' + (finding.reason ? ': ' + finding.reason : ''));
    if (finding.state === 'baseline') meta.append(' · in the baseline');
    if (finding.evidence) meta.append(' · run: ' + finding.evidence);
    card.append(meta);
    const threads = make('div', {className: 'threads'});
    for (const thread of finding.threads)
      threads.append(make('section', {className: 'thread'},
        make('h3', {textContent: 'Thread ' + thread.name + ', entry ' + thread.entry}),
        make('ol', {className: 'steps'}, ...thread.steps.map(step))));
    card.append(threads);
    if (!finding.threads.length) { const block = source(finding.place); if (block) card.append(block); }
    const notes = make('ul', {className: 'notes'});
    for (const related of finding.related)
      notes.append(make('li', null, related.message + ' ',
        make('span', {className: 'place', textContent: where(related.place)})));
    for (const note of finding.notes) notes.append(make('li', {textContent: note}));
    if (notes.children.length) card.append(notes);
    return card;
  };

  const main = document.getElementById('main');
  main.textContent = '';
  const search = make('input', {type: 'search', placeholder: 'Search', 'aria-label': 'search the findings'});
  const select = (label, values) => make('select', {'aria-label': label},
    make('option', {value: '', textContent: label}),
    ...values.map(value => make('option', {value, textContent: value})));
  const unique = key => [...new Set(data.findings.map(finding => finding[key]))].sort();
  const severity = select('all severities', unique('severity'));
  const check = select('all checks', unique('check'));
  const state = select('all states', unique('state'));
  const count = make('span', {role: 'status'});
  main.append(make('div', {className: 'tools', role: 'search'}, search, severity, check, state, count));

  const list = make('ul', {className: 'list', 'aria-label': 'findings'});
  const view = make('div', {id: 'view'});
  main.append(make('div', {className: 'columns'}, make('nav', {'aria-label': 'findings'}, list), view));

  const rows = data.findings.map((finding, index) => {
    const button = make('button', {type: 'button', className: finding.severity},
      make('span', {className: 'what', textContent: finding.message}),
      make('span', {className: 'where', textContent: where(finding.place) + ' · ' + finding.check.replace('threadlint-', '')}));
    button.addEventListener('click', () => open(index));
    const text = () => (finding.message + ' ' + finding.check + ' ' + where(finding.place) + ' ' + finding.function + ' ' +
      finding.fingerprint + ' ' + finding.threads.flatMap(t => t.steps.map(s => s.message + ' ' + where(s.place) + ' ' + s.function)).join(' ')).toLowerCase();
    const item = make('li', null, button);
    return {finding, button, item, text};
  });
  list.append(...rows.map(row => row.item));
  let listed = rows;

  let current = -1;
  const pane = make('div');
  const open = index => {
    if (current >= 0) rows[current].button.removeAttribute('aria-current');
    current = index;
    if (index < 0) { pane.replaceChildren(); return; }
    rows[index].button.setAttribute('aria-current', 'true');
    pane.replaceChildren(details(rows[index].finding));
    history.replaceState(null, '', '#' + rows[index].finding.fingerprint);
  };
  view.append(pane);

  const visible = () => rows.filter(row => !row.hidden);
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) for (const row of rows) row.searched ??= row.text(); // made when first needed
    for (const row of rows)
      row.hidden = !(words.every(word => row.searched.includes(word)) &&
        (!severity.value || row.finding.severity === severity.value) &&
        (!check.value || row.finding.check === check.value) && (!state.value || row.finding.state === state.value));
    const shown = visible();
    if (shown.length !== listed.length || shown.some((row, i) => row !== listed[i]))
      list.replaceChildren(...(listed = shown).map(row => row.item)); // faster than hiding thousands
    count.textContent = shown.length + ' of ' + rows.length;
    if (current < 0 || rows[current].hidden) open(shown.length ? rows.indexOf(shown[0]) : -1);
  };
  for (const control of [search, severity, check, state]) control.addEventListener('input', filter);
  // Keys: / to search, j and k or the arrows for the next and the previous finding.
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT)$/.test(event.target.tagName);
    if (event.key === '/' && !typing) { event.preventDefault(); search.focus(); return; }
    if (event.key === 'Escape' && typing) { search.value = ''; filter(); return; }
    const inList = list.contains(event.target);
    const move = typing ? 0 : event.key === 'j' || (inList && event.key === 'ArrowDown') ? 1
      : event.key === 'k' || (inList && event.key === 'ArrowUp') ? -1 : 0;
    if (!move) return;
    const shown = visible();
    const next = shown[shown.indexOf(rows[current]) + move];
    if (next) { event.preventDefault(); open(rows.indexOf(next)); next.button.focus(); }
  });
  if (!rows.length) list.append(make('li', {textContent: data.partial ? 'No findings: the run was not finished.' : 'No findings.'}));

  let recolor = () => {};
  if (data.edges.length) {
    const card = make('section', {className: 'card'}, make('h2', {textContent: 'Lock order'}),
      make('p', {className: 'meta', textContent: 'An arrow from a to b: b is taken while a is held. Red: a cycle.' +
        (data.edges.some(edge => edge.origin) ? ' Dashed: not seen in a run. Thick: only seen in a run.' : '')}));
    view.append(card);
    const about = edge => edge.to + ' is taken while ' + edge.from + ' is held: ' + edge.function + ', ' + edge.place +
      (edge.origin ? ' (' + (edge.origin === 'both' ? 'static and runtime' : edge.origin + ' only') + ')' : '');
    if (typeof cytoscape === 'undefined') {
      card.append(make('div', {className: 'picture'}, document.getElementById('picture').content.cloneNode(true)));
    } else {
      const box = make('div', {id: 'graph', role: 'img', 'aria-label': 'lock-order graph'});
      const said = make('p', {id: 'edge', className: 'meta', role: 'status'});
      const bar = make('div', {className: 'bar'});
      card.append(bar, box, said);
      cytoscape.use(cytoscapeDagre);
      const many = data.edges.length > 30 && data.edges.some(edge => edge.cycle);
      const only = make('input', {type: 'checkbox', checked: many});
      bar.append(make('label', {className: 'only'}, only, ' cycles only'));
      const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
      const kFont = 12;
      // A box around each name, so that the layout keeps names apart: a line for the name, one for where it is.
      const boxOf = id => {
        const at = id.indexOf(' (');
        const lines = at < 0 ? [id] : [id.slice(0, at), id.slice(at + 1)];
        return {label: lines.join('\n'), width: Math.max(...lines.map(line => line.length)) * 0.62 * kFont + 16, height: lines.length * 1.3 * kFont + 12};
      };
      // The direction in which the names are larger, in a box that is as high as the graph needs.
      const kMargin = 24, kHighest = 900;
      let graph;
      const style = () => [{selector: 'node', style: {label: 'data(label)', 'text-wrap': 'wrap', 'text-valign': 'center', 'text-halign': 'center',
            shape: 'round-rectangle', width: 'data(width)', height: 'data(height)', color: color('--text'),
            'background-color': color('--chip'), 'border-width': 1.5, 'border-color': color('--accent'), 'font-family': 'monospace', 'font-size': kFont}},
          {selector: 'edge', style: {width: 1.5, 'line-color': color('--dim'), 'target-arrow-color': color('--dim'), 'target-arrow-shape': 'triangle',
            'curve-style': 'bezier', 'control-point-step-size': 50}},
          {selector: 'edge.static', style: {'line-style': 'dashed'}},
          {selector: 'edge.runtime', style: {width: 4}},
          {selector: 'node.cycle', style: {'border-color': color('--error'), 'border-width': 2.5}},
          {selector: 'edge.cycle', style: {width: 2.5, 'line-color': color('--error'), 'target-arrow-color': color('--error')}}];
      const draw = () => {
        const edges = data.edges.filter(edge => edge.cycle || !only.checked);
        const inCycle = new Set(edges.filter(edge => edge.cycle).flatMap(edge => [edge.from, edge.to]));
        const names = [...new Set(edges.flatMap(edge => [edge.from, edge.to]))];
        if (graph) graph.destroy();
        box.replaceChildren();
        graph = cytoscape({container: box, maxZoom: 3, userZoomingEnabled: false,
          elements: [...names.map(id => ({data: {id, ...boxOf(id)}, classes: inCycle.has(id) ? 'cycle' : ''})),
            ...edges.map((edge, i) => ({data: {id: 'edge ' + i, source: edge.from, target: edge.to, about: about(edge)},
              classes: (edge.cycle ? 'cycle' : '') + (edge.origin ? ' ' + edge.origin : '')}))],
          style: style()});
        const arrange = direction => {
          graph.layout({name: 'dagre', rankDir: direction, nodeSep: 30, rankSep: direction === 'LR' ? 90 : 60, fit: false}).run();
          const size = graph.elements().boundingBox();
          return {size, zoom: Math.min(1.1, (box.clientWidth - 2 * kMargin) / size.w, (kHighest - 2 * kMargin) / size.h)};
        };
        const across = arrange('LR');
        const best = across.zoom >= 0.9 ? across : [arrange('TB'), across].sort((a, b) => b.zoom - a.zoom)[0];
        if (best === across) arrange('LR');
        box.style.height = Math.max(180, best.size.h * best.zoom + 2 * kMargin) + 'px';
        graph.resize();
        fit(best.zoom);
        graph.on('tap', 'edge', event => { said.textContent = event.target.data('about'); });
      };
      const fit = most => {
        graph.fit(undefined, kMargin);
        if (graph.zoom() > most) { graph.zoom(most); graph.center(); }
      };
      const zoomBy = factor => graph.zoom({level: graph.zoom() * factor, renderedPosition: {x: box.clientWidth / 2, y: box.clientHeight / 2}});
      for (const [text, label, act] of [['+', 'larger', () => zoomBy(1.3)], ['\u2212', 'smaller', () => zoomBy(1 / 1.3)],
                                        ['fit', 'the whole graph', () => fit(1.1)]]) {
        const button = make('button', {type: 'button', textContent: text, 'aria-label': label});
        button.addEventListener('click', act);
        bar.append(button);
      }
      // The wheel scrolls the page; with Ctrl it zooms, as it does elsewhere.
      box.addEventListener('wheel', event => graph.userZoomingEnabled(event.ctrlKey), {capture: true, passive: true});
      only.addEventListener('input', draw);
      draw();
      recolor = () => graph.style(style());
      matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolor);
    }
    // The same for those who cannot point at it, and on paper.
    const kListed = 300;
    const sorted = [...data.edges].sort((a, b) => (b.cycle ? 1 : 0) - (a.cycle ? 1 : 0));
    card.append(make('details', {className: 'edges'}, make('summary', {textContent: 'As a list'}),
      make('ul', {className: 'notes'}, ...sorted.slice(0, kListed).map(edge =>
        make('li', null, make('span', {className: edge.cycle ? 'level error' : '', textContent: edge.cycle ? 'cycle: ' : ''}), about(edge)))),
      sorted.length > kListed ? make('p', {className: 'meta', textContent: 'and ' + (sorted.length - kListed) + ' more'}) : null));
  }
  if (data.observations.length) {
    const items = make('ul', {className: 'notes'});
    for (const observation of data.observations)
      items.append(make('li', null, observation.text + ' ', make('span', {className: 'place', textContent: observation.place})));
    view.append(make('section', {className: 'card'}, make('h2', {textContent: 'Also seen in the run'}), items));
  }
  if (data.limitations.length) {
    const card = make('section', {className: 'card'}, make('h2', {textContent: 'Limits of this run'}));
    const items = make('ul', {className: 'notes'});
    for (const limitation of data.limitations)
      items.append(make('li', null, limitation.text + ' ', make('span', {className: 'place', textContent: limitation.place})));
    card.append(items);
    view.append(card);
  }
  filter();
  const wanted = rows.findIndex(row => '#' + row.finding.fingerprint === location.hash);
  if (wanted >= 0) open(wanted);

  // In print every finding that is listed is shown in full, and what is drawn has the colours of paper.
  const onPaper = isPrinting => {
    document.documentElement.toggleAttribute('data-print', isPrinting);
    recolor();
  };
  addEventListener('beforeprint', () => { onPaper(true); pane.replaceChildren(...visible().map(row => details(row.finding))); });
  addEventListener('afterprint', () => { onPaper(false); open(current); });
})();
