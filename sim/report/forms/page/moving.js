"use strict";
// Shows other moments of the picture than the one that the page was written with.
//
// The data are events: where a convoy is from which second on, when a gate closed, how
// many people were at a site from when on. Every frame looks up what holds at its
// moment; nothing is kept from the frame before, so that time may jump either way.
(() => {
  const figure = document.querySelector(".moving");
  if (!figure) return;
  const data = JSON.parse(figure.querySelector(".data").textContent);
  const one = (what, within = figure) => within.querySelector(what);
  const all = (what, within = figure) => [...within.querySelectorAll(what)];
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const SVG = "http://www.w3.org/2000/svg";

  // What holds at a moment

  // Number of the last entry whose key is not after t; -1 if there is none.
  function lastAt(length, key, t) {
    let low = 0, high = length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (key(middle) <= t) low = middle + 1; else high = middle;
    }
    return low - 1;
  }
  const countAt = ([times, totals], t) => {
    const last = lastAt(times.length, (n) => times[n], t);
    return last < 0 ? 0 : totals[last];
  };
  const holding = (whiles, t) => whiles.filter(([since, until]) => since <= t && t < until);

  // Words: digits and signs are those of the page's language

  const inDigits = (text) => text.replace(/\d/g, (digit) => data.digits[digit]);
  const number = (value) =>
    inDigits(String(value)).replace(/(.)(?=(.{3})+$)/gu, `$1${data.group}`);
  // From right to left a day and its hour would change places.
  const apart = (text) => document.dir === "rtl" ? `\u2068${text}\u2069` : text;
  function moment(t) {
    const added = data.clock[lastAt(data.clock.length, (n) => data.clock[n][0], t)][1];
    const local = new Date((Math.round(t) + added) * 1000).toISOString();
    return apart(inDigits(local.slice(0, 16).replace("T", " ")));
  }
  const words = (n) => data.texts[n];

  // Writing what has not changed would cost most of a frame.
  function write(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }
  function list(element, texts) {
    const shown = texts.length ? texts : [data.labels.nothing];
    const key = shown.join("\n");
    if (element.dataset.shows === key) return;
    element.dataset.shows = key;
    element.replaceChildren(...shown.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }));
  }
  function gauge(element, curve, t) {
    curve.most ??= Math.max(0, ...curve[1]);
    const share = curve.most ? Math.round((1000 * countAt(curve, t)) / curve.most) / 10 : 0;
    if (element.dataset.share === String(share)) return;
    element.dataset.share = share;
    element.style.inlineSize = `${share}%`;
  }

  // Places, people, agreements

  const places = all("g.place").map((group) => {
    const [title, closed, inside, arrived] = data.places[group.dataset.place];
    const counts = all("text.count", group).map((text) =>
      [one("tspan", text), text.dataset.what === "inside" ? inside : arrived]);
    return { group, title, closed, counts };
  });
  const people = all(".people dd[data-place]").map((row) => {
    const [, , inside, arrived] = data.places[row.dataset.place];
    return [one(".figure", row), one(".gauge span", row),
      row.dataset.what === "inside" ? inside : arrived];
  });
  const deals = all(".deal").map((box, n) => {
    const [states, curves] = data.deals[n];
    const sides = all(".side", box).map((side, m) =>
      [one(".figure", side), one(".gauge span", side), one(".moved", side), ...curves[m]]);
    return [one(".state", box), states, sides];
  });

  function showPlaces(t) {
    const why = holding(data.halts, t).map(([, , text]) => words(text));
    for (const { group, title, closed, counts } of places) {
      const now = holding(closed, t);
      group.classList.toggle("shut", now.length > 0);
      for (const [, , text] of now) if (title) why.push(`${title}: ${words(text)}`);
      for (const [element, curve] of counts) write(element, number(countAt(curve, t)));
    }
    list(one(".closed ul"), why);
  }
  function showPeople(t) {
    for (const [figure, bar, curve] of people) {
      write(figure, number(countAt(curve, t)));
      gauge(bar, curve, t);
    }
    for (const [state, states, sides] of deals) {
      const now = holding(states, t);
      write(state, now.length ? words(now[now.length - 1][2]) : data.labels.yet);
      for (const [figure, bar, convoys, moved, counted] of sides) {
        write(figure, number(countAt(moved, t)));
        gauge(bar, moved, t);
        write(convoys, number(countAt(counted, t)));
      }
    }
  }

  // Convoys

  const marks = one(".marks");
  marks.replaceChildren();
  const convoys = data.convoys.map(([name, flow, stands]) => {
    const [title, shape, colour] = data.flows[flow];
    const mark = document.createElementNS(SVG, "path");
    const hint = document.createElementNS(SVG, "title");
    mark.setAttribute("d", shape);
    mark.dataset.convoy = name;
    mark.style.setProperty("--flow", colour);
    mark.style.display = "none";
    mark.append(hint);
    marks.append(mark);
    return { name, title, stands, mark, hint, shown: null };
  });
  const radius = (vehicles) => Math.min(16, 3.5 + 1.2 * Math.sqrt(vehicles));

  // Who drives does so evenly, on the right-hand side, so that both directions are seen.
  function onTheWay(path, share) {
    const points = path.map((n) => data.nodes[n]);
    const steps = points.slice(1).map(([x, y], n) =>
      Math.hypot(x - points[n][0], y - points[n][1]));
    let left = share * steps.reduce((sum, step) => sum + step, 0);
    for (const [n, step] of steps.entries()) {
      if (step && left <= step) {
        const [[ax, ay], [bx, by]] = [points[n], points[n + 1]];
        const [dx, dy] = [(bx - ax) / step, (by - ay) / step];
        return [ax + dx * left - dy * 7, ay + dy * left + dx * 7];
      }
      left -= step;
    }
    return points[points.length - 1];
  }

  function showConvoys(t) {
    const here = new Map(), waiting = new Map();
    let aboard = 0;
    for (const convoy of convoys) {
      const { stands, mark } = convoy;
      const last = lastAt(stands.length, (n) => stands[n][0], t);
      const now = last < 0 || stands[last][1] < 0 ? null : stands[last];
      if (now !== convoy.shown) look(convoy, now);
      if (!now) continue;
      const [since, way, people, vehicles, why] = now;
      const path = data.paths[way];
      aboard += people;
      if (path.length === 1) {
        if (!here.has(path[0])) here.set(path[0], []);
        here.get(path[0]).push([mark, radius(vehicles)]);
        if (why >= 0) {
          const key = `${path[0]} ${why}`;
          const sum = waiting.get(key) ?? [path[0], why, 0, 0];
          sum[2] += 1;
          sum[3] += vehicles;
          waiting.set(key, sum);
        }
      } else {
        const until = last + 1 < stands.length
          ? stands[last + 1][0] : 2 * data.horizon - since + 1;
        const [x, y] = onTheWay(path, (t - since) / (until - since));
        put(mark, x, y, radius(vehicles));
      }
    }
    for (const [node, group] of here) standBeside(data.nodes[node], group);
    write(one(".aboard"), number(aboard));
    list(one(".stands ul"), [...waiting.values()].map(([node, why, count, vehicles]) => [
      data.places[node][0],
      `${data.labels.convoys} ${number(count)}`,
      `${data.labels.vehicles} ${number(vehicles)}`,
      words(why),
    ].join(" \u00b7 ")));
  }
  function look(convoy, now) {
    const { mark, hint, name, title } = convoy;
    convoy.shown = now;
    mark.style.display = now ? "" : "none";
    if (!now) return;
    const [, , people, vehicles, why] = now;
    mark.setAttribute("class", people ? "mark" : "mark empty");
    hint.textContent = [
      name, title, `${data.labels.vehicles} ${number(vehicles)}`,
      `${data.labels.people} ${number(people)}`, why >= 0 ? words(why) : "",
    ].filter(Boolean).join(" \u00b7 ");
  }
  function standBeside([x, y], group) {
    const wide = group.reduce((sum, [, r]) => sum + 2 * r + 2, 0);
    const squeeze = Math.min(1, 110 / wide);
    let used = 0;
    for (const [mark, r] of group) {
      put(mark, x + (used + r + 1 - wide / 2) * squeeze, y - 17 - r, r);
      used += 2 * r + 2;
    }
  }
  function put(mark, x, y, r) {
    const at = `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${r.toFixed(1)})`;
    if (mark.getAttribute("transform") !== at) mark.setAttribute("transform", at);
  }

  // The moment shown, and how it moves

  const [clock, said] = [one(".clock time"), one(".said")];
  const [play, before, after] = [".play", ".before", ".after"].map((what) => one(what));
  const [speed, scrub] = [one("select"), one("input[type=range]")];
  const times = data.events.map(([t]) => t);
  let now = data.still, untouched = true, playing = false, frame = 0, drawn = 0;

  function show(t) {
    now = Math.min(Math.max(t, 0), data.horizon);
    figure.dataset.time = now;
    showPlaces(now);
    showPeople(now);
    showConvoys(now);
    write(clock, moment(now));
    write(said, lastEvents(now));
    scrub.value = now;
    // While it plays, a reader of the screen would be told every frame.
    if (!playing) scrub.setAttribute("aria-valuetext", clock.textContent);
  }
  function lastEvents(t) {
    const last = lastAt(data.events.length, (n) => data.events[n][0], t);
    if (last < 0) return "";
    return `${moment(data.events[last][0])} \u00b7 ${words(data.events[last][1])}`;
  }
  function setPlaying(on) {
    if (on && (untouched || now >= data.horizon)) now = 0;
    untouched = false;
    playing = on;
    cancelAnimationFrame(frame);
    said.setAttribute("aria-live", on ? "off" : "polite");
    play.textContent = on ? data.labels.pause : data.labels.play;
    show(now);
    if (!on) return;
    drawn = 0;
    frame = requestAnimationFrame(move);
  }
  function move(time) {
    // The first frame only tells when it began; a page that was hidden does not leap.
    const passed = drawn ? Math.min(time - drawn, 250) / 1000 : 0;
    if (still.matches) {
      // Nothing glides for who asked for less motion: a second for each event.
      if (!drawn || time - drawn >= 1000) {
        if (drawn) show(next(now) ?? data.horizon);
        drawn = time;
      }
    } else {
      drawn = time;
      show(now + passed * Number(speed.value));
    }
    if (now >= data.horizon) setPlaying(false);
    else frame = requestAnimationFrame(move);
  }
  const next = (t) => times.find((time) => time > t);
  const previous = (t) => times.findLast((time) => time < t);
  function stop(t) {
    untouched = false;
    if (playing) setPlaying(false);
    show(t);
  }

  play.addEventListener("click", () => setPlaying(!playing));
  after.addEventListener("click", () => stop(next(now) ?? data.horizon));
  before.addEventListener("click", () => stop(previous(now) ?? 0));
  scrub.addEventListener("input", () => stop(Number(scrub.value)));
  one(".controls").hidden = false;
  show(now);
})();
