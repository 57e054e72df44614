import { Badge, Button, Checkbox, createTheme, type MantineColorsTuple, Paper, Table, Tooltip } from "@mantine/core";

/** Petrol: the one accent. White text stands on shade 8, in the dark room on shade 6. */
const petrol: MantineColorsTuple = [
  "#eef7f8",
  "#dcebed",
  "#b8d8dd",
  "#8fc3cb",
  "#65aab5",
  "#3f8f9c",
  "#277683",
  "#17606d",
  "#0e4f5b",
  "#0a3b45",
];

/** Greys with a little of the accent in them, for the dark room too. */
const dark: MantineColorsTuple = [
  "#d3d9dc",
  "#aab4b9",
  "#8a959b",
  "#656f75",
  "#40494e",
  "#30383c",
  "#222a2e",
  "#191f22",
  "#121618",
  "#0a0d0e",
];

export const theme = createTheme({
  primaryColor: "petrol",
  primaryShade: { light: 8, dark: 6 },
  colors: { petrol, dark },
  autoContrast: true,
  defaultRadius: "sm",
  fontFamily: '"Inter", "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  headings: {
    fontWeight: "620",
    sizes: {
      h1: { fontSize: "1.5rem", lineHeight: "1.25" },
      h2: { fontSize: "1.0625rem", lineHeight: "1.35" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.4" },
    },
  },
  components: {
    Button: Button.extend({ defaultProps: { size: "sm" } }),
    Badge: Badge.extend({ defaultProps: { variant: "light", radius: "sm", tt: "none", fw: 550, style: { flexShrink: 0 } } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: "md" } }),
    Paper: Paper.extend({ defaultProps: { radius: "md" } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 6, horizontalSpacing: "sm" } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 250, withArrow: true } }),
  },
});
