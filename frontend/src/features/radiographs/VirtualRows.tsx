import { type ReactNode, useState } from "react";
import classes from "./VirtualRows.module.css";

const ROW_PX = 30;
const AROUND = 10;

interface VirtualRowsProps<Row> {
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  render: (row: Row) => ReactNode;
  label: string;
  height?: number;
}

/** A long list of which only what is in sight is drawn: ten thousand rows cost as much as thirty. */
export function VirtualRows<Row>({ rows, rowKey, render, label, height = 330 }: VirtualRowsProps<Row>) {
  const [top, setTop] = useState(0);
  const first = Math.max(0, Math.floor(top / ROW_PX) - AROUND);
  const shown = rows.slice(first, first + Math.ceil(height / ROW_PX) + 2 * AROUND);
  return (
    <div
      className={classes.window}
      style={{ height: Math.min(height, rows.length * ROW_PX + 2) }}
      role="list"
      aria-label={label}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
      tabIndex={0}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <div style={{ height: rows.length * ROW_PX, position: "relative" }}>
        {shown.map((row, index) => (
          <div
            key={rowKey(row)}
            role="listitem"
            aria-setsize={rows.length}
            aria-posinset={first + index + 1}
            className={classes.row}
            style={{ top: (first + index) * ROW_PX, height: ROW_PX }}
          >
            {render(row)}
          </div>
        ))}
      </div>
    </div>
  );
}
