import { Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { type DragEvent, type ReactNode, useState } from "react";
import classes from "./DropArea.module.css";

interface DropAreaProps {
  /** Names the area for those who cannot see it. */
  label: string;
  title: string;
  detail: string;
  onDrop: (dropped: DataTransfer) => void;
  /** The way without a mouse: buttons that choose files. */
  children: ReactNode;
}

/** A place to drop files on. What they are taken for is the page's. */
export function DropArea({ label, title, detail, onDrop, children }: DropAreaProps) {
  const [over, setOver] = useState(false);
  const drag = (isOver: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(isOver);
  };
  return (
    <div
      className={classes.area}
      data-over={over}
      role="group"
      aria-label={label}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event);
        onDrop(event.dataTransfer);
      }}
    >
      <IconUpload size={28} stroke={1.5} />
      <Text fw={600}>{title}</Text>
      <Text size="sm" className="muted" maw="60ch">
        {detail}
      </Text>
      {children}
    </div>
  );
}
