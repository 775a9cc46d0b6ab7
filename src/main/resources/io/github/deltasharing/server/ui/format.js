// How numbers and times are shown. Text only: templates escape it.
import { html, nothing } from '/ui/dom.js';

const numbers = new Intl.NumberFormat('en');
const dates = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const days = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const relatives = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const UNITS = [
  ['year', 365 * 86400],
  ['month', 30 * 86400],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
];

export const count = (number) => numbers.format(number);

export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

export function bytes(number) {
  let value = number;
  for (const unit of ['B', 'KiB', 'MiB', 'GiB', 'TiB']) {
    if (value < 1024 || unit === 'TiB') {
      return `${unit === 'B' || value >= 100 ? Math.round(value) : value.toFixed(1)} ${unit}`;
    }
    value /= 1024;
  }
  return '';
}

/** "3 days ago", "in 2 hours". */
export function relative(iso) {
  const seconds = (new Date(iso) - Date.now()) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) {
      return relatives.format(Math.trunc(seconds / length), unit);
    }
  }
  return seconds < 0 ? 'just now' : 'in less than a minute';
}

export const dateTime = (iso) => dates.format(new Date(iso));
export const day = (iso) => days.format(new Date(iso));

/** A time as people say it, and exactly for those who point at it. */
export const when = (iso, otherwise = nothing) =>
  iso ? html`<time datetime=${iso} title=${dateTime(iso)}>${relative(iso)}</time>` : otherwise;

/** A duration in seconds: "3 days", "90 minutes". */
export function duration(seconds) {
  for (const [unit, length] of UNITS) {
    if (seconds >= length && seconds % length === 0) {
      return plural(seconds / length, unit);
    }
  }
  return plural(seconds, 'second');
}
