import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { IconArrowLeft } from "@tabler/icons-react";
import { TextLink } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { t } from "./text";
import classes from "./reading.module.css";

/** A quiet page in the dark room: what stands before and after the cases. */
export function Sheet({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const slug = useSlug();
  return (
    <main className={classes.sheet}>
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
