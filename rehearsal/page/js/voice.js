// The sounds of a telephone: words by the rehearsal's synthesiser or the browser's own voice, tones, and hold music.

const LOWS = { 1: 697, 2: 697, 3: 697, 4: 770, 5: 770, 6: 770, 7: 852, 8: 852, 9: 852, "*": 941, 0: 941, "#": 941 };
const HIGHS = { 1: 1209, 4: 1209, 7: 1209, "*": 1209, 2: 1336, 5: 1336, 8: 1336, 0: 1336, 3: 1477, 6: 1477, 9: 1477, "#": 1477 };
/** A slow arpeggio, made up for this page; hertz. */
const TUNE = [261.6, 329.6, 392, 523.3, 392, 329.6, 220, 261.6, 329.6, 440, 329.6, 261.6, 174.6, 220, 261.6, 349.2, 261.6, 220, 196, 246.9, 293.7, 392, 293.7, 246.9];
const BEAT = 0.42;

export class Voice {
  /** Whether anything is to be heard. */
  on = true;
  #context = null;
  #line = Promise.resolve();
  #call = 0;
  #playing = null;
  #music = 0;
  #rings = 0;
  #note = 0;
  #speaks;

  /** `speaks()` tells whether the rehearsal has a synthesiser. */
  constructor(speaks) {
    this.#speaks = speaks;
  }

  /** Browsers allow sound after somebody has pressed something. */
  wake() {
    if (!this.on || !("AudioContext" in window)) return;
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") this.#context.resume();
  }

  /** Say it after what is being said; `content` may be SSML, `words` are the same without marks. */
  say(content, words) {
    if (!this.on || !words) return;
    const call = this.#call;
    this.#line = this.#line.then(() => (call === this.#call && this.on ? this.#spoken(content, words, call) : null));
  }

  /** Whoever presses a key or speaks interrupts what is being said. */
  hush() {
    this.#call += 1;
    this.#playing?.stop();
    this.#playing = null;
    if ("speechSynthesis" in window) window.speechSynthesis.cancel();
    this.#line = Promise.resolve();
  }

  /** The tone of a key. */
  key(digit) {
    if (LOWS[digit]) this.#tone([LOWS[digit], HIGHS[digit]], 0.14, 0.06);
  }

  /** Music on hold, or silence again. */
  music(on) {
    if (on === (this.#music !== 0)) return;
    clearInterval(this.#music);
    this.#music = on ? setInterval(() => this.#tone([TUNE[this.#note++ % TUNE.length]], BEAT * 2.2, 0.035, "triangle"), BEAT * 1000) : 0;
  }

  /** The phone rings, or stops. */
  ring(on) {
    if (on === (this.#rings !== 0)) return;
    clearInterval(this.#rings);
    const once = () => this.#tone([440, 480], 1.2, 0.05);
    if (on) once();
    this.#rings = on ? setInterval(once, 3000) : 0;
  }

  /** Nothing at all. */
  silence() {
    this.hush();
    this.music(false);
    this.ring(false);
  }

  async #spoken(content, words, call) {
    const context = this.#context;
    if (context && this.#speaks()) {
      try {
        const answer = await fetch("/api/speech", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ words: content }) });
        if (answer.ok) {
          const sound = await context.decodeAudioData(await answer.arrayBuffer());
          if (call !== this.#call) return undefined;
          return await this.#played(context, sound);
        }
      } catch {
        // What can't be heard is still to be read.
        return undefined;
      }
    }
    return this.#read(words);
  }

  #played(context, sound) {
    return new Promise((done) => {
      const source = this.#playing = context.createBufferSource();
      source.buffer = sound;
      source.connect(context.destination);
      source.addEventListener("ended", done);
      source.start();
    });
  }

  #read(words) {
    if (!("speechSynthesis" in window) || !window.speechSynthesis.getVoices().length) return undefined;
    return new Promise((done) => {
      const utterance = new SpeechSynthesisUtterance(words);
      utterance.lang = "en-US";
      utterance.addEventListener("end", done);
      utterance.addEventListener("error", done);
      window.speechSynthesis.speak(utterance);
    });
  }

  #tone(pitches, seconds, loud, shape = "sine") {
    const context = this.#context;
    if (!this.on || context?.state !== "running") return;
    const volume = context.createGain();
    const now = context.currentTime;
    volume.gain.setValueAtTime(0, now);
    volume.gain.linearRampToValueAtTime(loud, now + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, now + seconds);
    volume.connect(context.destination);
    for (const pitch of pitches) {
      const tone = context.createOscillator();
      tone.type = shape;
      tone.frequency.value = pitch;
      tone.connect(volume);
      tone.start(now);
      tone.stop(now + seconds);
    }
  }
}
