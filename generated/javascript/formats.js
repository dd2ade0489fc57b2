// The formats that the schemas name, beside their patterns: the calendar and the clock (RFC 3339, section 5.6).

const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const TIME = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:Z|[+-]([0-9]{2}):([0-9]{2}))$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function date(text) {
  const found = DATE.exec(text);
  if (!found) return false;
  const [year, month, day] = found.slice(1).map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 && leap ? 29 : DAYS[month - 1]);
}

function dateTime(text) {
  const found = text[10] === "T" && date(text.slice(0, 10)) ? TIME.exec(text.slice(11)) : null;
  if (!found) return false;
  const [hour, minute, second, zoneHour = 0, zoneMinute = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return hour <= 23 && minute <= 59 && second <= 59 && zoneHour <= 23 && zoneMinute <= 59;
}

export const formats = { date, "date-time": dateTime };
