/** The mark: a femoral head and the stem below it. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0e4f5b" />
      <circle cx="13" cy="12" r="6.5" fill="none" stroke="#fff" strokeWidth="2.6" />
      <path
        d="M16.5 17.5 21 21l-2 7"
        fill="none"
        stroke="#fff"
        strokeWidth="3.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
