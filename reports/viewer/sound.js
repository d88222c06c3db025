"use strict";

// What a stream sounded like: a picture of it, and the sound itself, put together from payloads that stand in the page.

const LOST = -1, QUIET = -2;
const CLOCK_HZ = 8000; // of RTP, for every codec that is heard here
const RATES_HZ = { U: 8000, A: 8000, W: 16000 };
const WAVE = { column: 4, height: 40 };

// ---- payloads ----

// ITU-T G.711: a sign, three bits of exponent, four of mantissa.
function fromMu(code) {
  const plain = ~code & 0xff, exponent = (plain >> 4) & 7;
  const magnitude = 4 * (((2 * (plain & 15) + 33) << exponent) - 33);
  return (plain & 0x80 ? -magnitude : magnitude) / 32768;
}

function fromA(code) {
  const plain = code ^ 0x55, exponent = (plain >> 4) & 7, mantissa = 2 * (plain & 15) + 1;
  const magnitude = 8 * (exponent === 0 ? mantissa : (mantissa + 32) << (exponent - 1));
  return (plain & 0x80 ? magnitude : -magnitude) / 32768;
}

function samplesOf(frame) {
  const bytes = atob(frame.slice(1)), decode = frame[0] === "A" ? fromA : fromMu;
  return Float32Array.from(bytes, (byte) => decode(byte.charCodeAt(0)));
}

// Where one stream changed its codec, the narrower sound is said at the rate of the wider.
function widened(samples, times) {
  return times === 1 ? samples : Float32Array.from({ length: samples.length * times }, (_, at) => samples[Math.floor(at / times)]);
}

// Holes and pauses are as long as they were.
function soundOf(sound, line) {
  const pairs = Array.from({ length: line.length / 2 }, (_, index) => [line[2 * index], line[2 * index + 1]]);
  const numbers = [...new Set(pairs.map(([what]) => what).filter((what) => what >= 0))];
  const rate = Math.max(CLOCK_HZ, ...numbers.map((number) => RATES_HZ[sound.frames[number][0]]));
  const frames = new Map(numbers.map((number) => {
    const frame = sound.frames[number];
    return [number, widened(samplesOf(frame), rate / RATES_HZ[frame[0]])];
  }));
  const lengthOf = ([what, count]) => (what < 0 ? count * rate / CLOCK_HZ : frames.get(what).length * count);
  const samples = new Float32Array(pairs.reduce((sum, pair) => sum + lengthOf(pair), 0));
  let at = 0;
  for (const pair of pairs) {
    for (let times = 0; pair[0] >= 0 && times < pair[1]; times++) samples.set(frames.get(pair[0]), at + times * frames.get(pair[0]).length);
    at += lengthOf(pair);
  }
  return { rate, samples };
}

// ---- the picture ----

// Letters, 'a' silent to 'z' as loud as can be; a capital where packets are missing.
function wavePoints(wave) {
  return [...wave].map((letter) => ({ lost: letter < "a", level: (letter.toLowerCase().charCodeAt(0) - 97) / 25 }));
}

function holesIn(columns) {
  return columns.filter((column, index) => column.lost && (index === 0 || !columns[index - 1].lost)).length;
}

function drawWave(flow, name) {
  const columns = wavePoints(flow.wave), holes = holesIn(columns), width = columns.length * WAVE.column, middle = WAVE.height / 2;
  if (columns.length === 0) return null;
  const bars = columns.map(({ lost, level }, index) => {
    if (lost && level === 0) return "";
    const high = Math.max(1, Math.sqrt(level) * WAVE.height); // as loud as it is heard, more than as it is measured
    return `M${index * WAVE.column + 1.5} ${(middle - high / 2).toFixed(1)}v${high.toFixed(1)}`;
  }).join("");
  const words = `Sound of ${name}, ${(flow.samples / CLOCK_HZ).toFixed(2)} s` + (holes > 0 ? `, packets are missing in ${plural(holes, "place")}` : "");
  return drawn("svg", { class: "wave", viewBox: `0 0 ${width} ${WAVE.height}`, preserveAspectRatio: "none", role: "img", "aria-label": words },
    drawn("title", {}, words),
    columns.map(({ lost }, index) => (lost ? drawn("rect", { class: "hole", x: index * WAVE.column, y: 0, width: WAVE.column, height: WAVE.height }) : null)),
    drawn("path", { d: bars }), drawn("line", { class: "played", x1: 0, x2: 0, y1: 0, y2: WAVE.height }));
}

// ---- the sound ----

let playing = null; // one at a time

function stopPlaying() {
  if (playing === null) return;
  const { context, button, cursor } = playing;
  playing = null;
  context.close();
  button.firstChild.data = "\u25b6 Play";
  button.setAttribute("aria-pressed", "false");
  cursor?.classList.remove("shown");
}

function follow(now, seconds, width) {
  if (playing !== now) return;
  const at = Math.min(1, now.context.currentTime / seconds) * width;
  for (const end of ["x1", "x2"]) now.cursor?.setAttribute(end, at);
  requestAnimationFrame(() => follow(now, seconds, width));
}

function play({ rate, samples }, button, picture) {
  const context = new AudioContext(), source = context.createBufferSource();
  const now = { context, button, cursor: picture?.querySelector(".played"), heard: samples };
  source.buffer = context.createBuffer(1, samples.length, rate);
  source.buffer.copyToChannel(samples, 0);
  source.connect(context.destination);
  source.addEventListener("ended", () => { if (playing === now) stopPlaying(); });
  stopPlaying();
  playing = now;
  button.firstChild.data = "\u25a0 Stop";
  button.setAttribute("aria-pressed", "true");
  now.cursor?.classList.add("shown");
  source.start();
  follow(now, samples.length / rate, picture ? picture.viewBox.baseVal.width : 0);
}

function playButton(sound, line, name, picture) {
  const button = element("button", { type: "button", class: "play", "aria-pressed": "false", onclick: () => {
    if (playing !== null && playing.button === button) stopPlaying();
    else play(soundOf(sound, line), button, picture);
  } }, "\u25b6 Play", element("span", { class: "unheard" }, " " + name));
  return button;
}

// What stands in a stream's row: the picture, and the button or the reason why there is none.
function soundCell(run, content, flow, number) {
  const name = content.seen.places[flow.from] + " to " + content.seen.places[flow.to];
  const line = content.sound ? content.sound.streams[number] : [];
  const picture = drawWave(flow, name);
  const cut = flow.cut ? element("small", {}, "Its first ten minutes.") : null;
  if (line.length > 0) return [picture, playButton(content.sound, line, name, picture), " ", cut];
  return [picture, element("small", {}, flow.unheard || ["This page has no room for its sound: ", element("code", {},
    `directsip show ${run.capture.split("/").pop()} --sound ${number + 1} -o stream-${number + 1}.wav`), " writes it from the capture."]), " ", cut];
}

// ---- how good it was ----

// ITU-T G.107 annex B: what listeners say of a score.
const OPINIONS = [[4.34, "very good"], [4.03, "good"], [3.6, "fair"], [3.1, "poor"], [0, "bad"]];

function score(mos) {
  if (!(mos > 0)) return element("span", {}, "none", element("span", { class: "unheard" }, ": no figures are known for this codec"));
  return [mos.toFixed(2), " ", element("small", {}, OPINIONS.find(([least]) => mos >= least)[1])];
}
