// The player: the video itself where the browser can play it, else the picture at each time.
import { $, clock } from "./dom.js";
import { still } from "./api.js";

export class Player {
  constructor(place, onTime) {
    this.video = $("video", place);
    this.image = $("img", place);
    this.empty = $(".empty", place);
    this.caption = $("figcaption", place);
    this.onTime = onTime;
    this.recording = null;
    this.part = -1;
    this.video.addEventListener("timeupdate", () => this.moved());
    this.video.addEventListener("seeked", () => this.moved());
    this.video.addEventListener("error", () => this.unplayable());
    this.video.addEventListener("ended", () => this.next());
  }

  /** Open a recording at its beginning. */
  open(recording) {
    this.recording = recording;
    this.part = -1;
    this.pictures = false;
    this.seek(0);
  }

  /** Go to a time of a recording, in seconds. */
  seek(time, recording = this.recording) {
    if (recording.id !== this.recording?.id) {
      this.recording = recording;
      this.part = -1;
      this.pictures = false;
    }
    this.time = Math.max(0, Math.min(time, recording.duration));
    this.empty.hidden = recording.here;
    if (!recording.here) {
      this.video.hidden = this.image.hidden = true;
      this.empty.textContent = "The video is not where it was; what is remembered of it can still be read.";
      this.caption.textContent = recording.name;
      return;
    }
    const after = recording.parts.findIndex((part) => part.start > this.time);
    const number = after < 0 ? recording.parts.length - 1 : Math.max(0, after - 1);
    const part = recording.parts[number];
    if (this.pictures) {
      this.show();
    } else {
      this.video.hidden = false;
      this.image.hidden = true;
      if (number !== this.part) {
        this.part = number;
        this.video.src = `/media/${recording.id}/${number}`;
      }
      this.video.currentTime = this.time - part.start;
    }
    this.told();
    this.onTime(this.time, recording);
  }

  moved() {
    if (this.pictures || !this.recording || this.part < 0) return;
    this.time = this.recording.parts[this.part].start + this.video.currentTime;
    this.told();
    this.onTime(this.time, this.recording);
  }

  next() {
    if (this.part + 1 < this.recording.parts.length) {
      this.seek(this.recording.parts[this.part + 1].start);
      this.video.play();
    }
  }

  unplayable() {
    if (!this.recording || this.part < 0) return;
    this.pictures = true;
    this.show();
    this.told();
  }

  show() {
    this.video.hidden = true;
    this.image.hidden = false;
    this.image.alt = `${this.recording.name} at ${clock(this.time)}`;
    this.image.src = still(this.recording.id, this.time, 540);
  }

  told() {
    const many = this.recording.parts.length > 1 ? `, part ${this.part + 1} of ${this.recording.parts.length}` : "";
    const how = this.pictures ? " (this browser cannot play it: pictures are shown)" : "";
    this.caption.textContent = `${this.recording.name}${many} · ${clock(this.time)}${how}`;
  }
}
