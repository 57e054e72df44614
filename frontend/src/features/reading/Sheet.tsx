import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { IconArrowLeft } from "@tabler/icons-react";
import { TextLink } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { t } from "./text";
import classes from "./reading.module.css";

interface SheetProps {
  title: string;
  lead?: string;
  /** For tables. */
  wide?: boolean;
  children: ReactNode;
}

/** A quiet page in the dark room: what stands before and after the cases. */
export function Sheet({ title, lead, wide, children }: SheetProps) {
  const slug = useSlug();
  return (
    <main className={classes.sheet} data-wide={wide}>
      <TextLink to={`/studies/${slug}/reading`} className={classes.back}>
        <IconArrowLeft size={15} />
        {t("signed.back")}
      </TextLink>
      <Title order={1}>{title}</Title>
      {lead && (
        <Text className="muted" mt={4} mb="lg">
          {lead}
        </Text>
      )}
      {children}
    </main>
  );
}
