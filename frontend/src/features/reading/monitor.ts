/** The last check of this browser's monitor. It stays on the computer, because it is the monitor that was checked. */
export interface MonitorCheck {
  checked_at: string;
  /** Whether the 5 % square was seen on black, and the 95 % square on white. */
  sees_dark: boolean;
  sees_bright: boolean;
  /** CSS pixels in a millimetre of this monitor; null if nobody held a card against it. */
  pixels_per_millimetre: number | null;
}

const KEY = "lucency.monitor";
/** ID-1 of ISO/IEC 7810: bank cards, driving licences, health cards. */
export const CARD_MILLIMETRES = { width: 85.6, height: 53.98 };
/** A check is asked for again after so many days: rooms and settings change. */
export const GOOD_FOR_DAYS = 30;

export function storedCheck(storage: Pick<Storage, "getItem"> = localStorage): MonitorCheck | null {
  const text = storage.getItem(KEY);
  if (!text) return null;
  try {
    return JSON.parse(text) as MonitorCheck;
  } catch {
    // Written by hand or by another version: as if nobody had looked.
    return null;
  }
}

export function storeCheck(check: MonitorCheck, storage: Pick<Storage, "setItem"> = localStorage): void {
  storage.setItem(KEY, JSON.stringify(check));
}

export function isFresh(check: MonitorCheck | null, now = Date.now()): boolean {
  return check !== null && now - Date.parse(check.checked_at) < GOOD_FOR_DAYS * 86_400_000;
}

/** The grey steps of the check, black and white among them, as levels of 255. */
export const GREY_STEPS = Array.from({ length: 11 }, (_, step) => Math.round((255 * step) / 10));
/** What 5 % and 95 % are on a screen of 256 levels. */
export const [FIVE_PERCENT, NINETY_FIVE_PERCENT] = [13, 242];
