// SPDX-License-Identifier: GPL-2.0-only
// Put behind the page's own script: uses the page as a reader does and leaves TAP in <pre id="tap">.
"use strict";
(() => {
	const lines = [];
	const ok = (good, name, detail) => lines.push((good ? "ok " : "not ok ") + (lines.length + 1) + " - " + name +
		(good || !detail ? "" : " # " + detail));
	const q = s => [...document.querySelectorAll(s)];
	const lanes = document.getElementById("lanes"), label = () => lanes.getAttribute("aria-label");
	const key = k => lanes.dispatchEvent(new KeyboardEvent("keydown", { key: k, bubbles: true }));

	ok(document.title === "LKST report" && q("script").length === 3 && !q("b").length,
		"names are text, whatever they hold", document.title);
	ok(q("td").some(e => e.textContent.includes("<\/script><b>x")), "a name with tags is shown as it is");

	const table = document.querySelector("#measures table"), heads = [...table.querySelectorAll("th button")];
	const columnOf = i => [...table.tBodies[0].rows].map(r => r.cells[i].textContent);
	const first = document.querySelectorAll("#measures section")[0];
	ok(first.querySelector("h2").id === "syscall", "the first measure is the first of the list");
	const tasks = q("#measures section").find(s => s.querySelector("h2").id === "state").querySelector("table");
	const names = () => [...tasks.tBodies[0].rows].map(r => r.cells[0].textContent);
	const before = names();
	tasks.querySelector("th button").click();
	const up = names();
	tasks.querySelector("th button").click();
	const down = names();
	ok(up.join() === [...before].sort().join() && down.join() === [...up].reverse().join() && before.length > 1,
		"a table sorts both ways", up.join("|"));
	ok(tasks.querySelector("th").getAttribute("aria-sort") === "descending", "and says how to a screen reader");
	heads[1].focus();
	ok(document.activeElement === heads[1], "a column can be reached by the keyboard");

	const whole = label();
	key("+");
	const near = label();
	key("0");
	ok(whole !== near && label() === whole, "the timeline zooms by keys and comes back", whole + " / " + near);
	key("+"); key("+");
	const here = label();
	key("ArrowRight");
	ok(label() !== here, "and moves");
	for (let i = 0; i < 40; i++) key("+");
	ok(label() !== here && !/NaN|Infinity/.test(label()), "forty times nearer it still has an end", label());
	document.getElementById("zoom-all").click();
	ok(label() === whole, "the button shows all");
	const g = lanes.getContext("2d"), dpr = window.devicePixelRatio;
	const colours = new Set();
	for (let x = 100; x < lanes.clientWidth - 4; x++)
		colours.add([...g.getImageData(x * dpr, (24 + 22 + 15) * dpr, 1, 1).data].join());
	ok(colours.size === 1 && !colours.has("255,255,255,255"), "the CPU that ran one task has one colour",
		[...colours].join(" "));
	// Its own lane is the first below those of the two CPUs. The others ran 600 and 300 us of each ms.
	const full = n => {
		const width = Math.floor((lanes.clientWidth - 104) * dpr), height = 18 * dpr;
		const p = g.getImageData(100 * dpr, (24 + 22 * n + 2) * dpr, width, height).data;
		let filled = 0;
		for (let i = 0; i < p.length; i += 4) filled += [p[i], p[i + 1], p[i + 2]].join() !== "236,239,241";
		return filled * 4 / p.length;
	};
	const lane3 = [2, 3, 4].map(full);
	ok([1, 0.6, 0.3].every((v, i) => Math.abs(lane3[i] - v) < 0.06), "tasks have lanes, as full as they ran",
		lane3.join(" "));
	const said = y => {
		lanes.dispatchEvent(new PointerEvent("pointermove", { clientX: lanes.getBoundingClientRect().x + 200,
			clientY: lanes.getBoundingClientRect().y + y, bubbles: true }));
		return document.getElementById("at").textContent;
	};
	ok(/^quiet \(13\) at .* s: ran 100 % of /.test(said(24 + 2 * 22 + 8)) &&
		/^cpu1 at .*quiet \(13\), 100 %/.test(said(24 + 30)),
		"what is under the pointer is said", said(24 + 2 * 22 + 8) + " / " + said(24 + 30));

	// Legible: contrast of every text with what is behind it, by WCAG's formula.
	const rgb = c => c.match(/[\d.]+/g).map(Number);
	const part = v => v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
	const light = c => {
		const [red, green, blue] = rgb(c).map(part);
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	};
	const behind = e => {
		for (; e; e = e.parentElement) {
			const c = getComputedStyle(e).backgroundColor;
			if (!/, 0\)$|transparent/.test(c)) return c;
		}
		return "rgb(255, 255, 255)";
	};
	const shown = e => e.getClientRects().length && !["SCRIPT", "STYLE", "PRE"].includes(e.tagName);
	const hasText = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
	const pale = q("body *").filter(e => shown(e) && hasText(e)).filter(e => {
		const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
		return (a + 0.05) / (b + 0.05) < 4.5;
	});
	ok(!pale.length, "all text has a contrast of 4.5 or more",
		pale.map(e => e.tagName + ":" + e.textContent.slice(0, 20)).join(", "));
	const root = document.documentElement;
	ok(root.scrollWidth <= root.clientWidth, "the page needs no scrolling sideways", root.scrollWidth + " > " + root.clientWidth);
	// No two texts of one parent lie over each other.
	const inline = e => getComputedStyle(e).display === "inline";
	const over = q("header *, main *").filter(e => e.tagName !== "CANVAS" && shown(e)).filter(e => {
		const n = e.nextElementSibling;
		if (!n || !shown(n) || inline(e) || inline(n) || e.closest("thead")) return false;
		const a = e.getBoundingClientRect(), b = n.getBoundingClientRect();
		return a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
	});
	ok(!over.length, "nothing lies over its neighbour", over.map(e => e.tagName + "." + e.id).join(", "));
	const graphs = q("img.graph");
	ok(graphs.length > 0 && graphs.every(e => e.complete && e.naturalWidth > 0), "the graphs are pictures");
	const pre = document.createElement("pre");
	pre.id = "tap";
	pre.textContent = lines.join("\n");
	document.body.append(pre);
})();
