/** Adds up the time for which the page was visible and had the focus. */
export class FocusTime {
  private total = 0;
  private since: number | null = null;

  constructor(private readonly now: () => number = () => performance.now()) {}

  get milliseconds(): number {
    return this.total + (this.since === null ? 0 : this.now() - this.since);
  }

  set(focused: boolean): void {
    if (focused && this.since === null) this.since = this.now();
    if (!focused && this.since !== null) {
      this.total += this.now() - this.since;
      this.since = null;
    }
  }

  /** Watches the page until the returned function is called. */
  watch(): () => void {
    const look = () => this.set(document.visibilityState === "visible" && document.hasFocus());
    look();
    const events = ["visibilitychange", "focus", "blur"] as const;
    document.addEventListener("visibilitychange", look);
    for (const event of events.slice(1)) window.addEventListener(event, look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      for (const event of events.slice(1)) window.removeEventListener(event, look);
      this.set(false);
    };
  }
}
