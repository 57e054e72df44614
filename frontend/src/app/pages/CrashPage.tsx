import { Button, Container, Group, Text, Title } from "@mantine/core";
import { useTitle } from "@/shared/components";
import { t as common } from "@/shared/messages";

/** The last net: nothing of the page could be drawn. */
export function CrashPage() {
  useTitle(common("error.crash_title"));
  return (
    <Container size="xs" py={96} component="main">
      <Title order={1}>{common("error.crash_title")}</Title>
      <Text mt="sm" mb="lg" className="muted">
        {common("error.crash_detail")}
      </Text>
      <Group>
        <Button onClick={() => window.location.reload()}>{common("action.retry")}</Button>
        <Button variant="default" component="a" href="/">
          {common("error.not_found_home")}
        </Button>
      </Group>
    </Container>
  );
}
