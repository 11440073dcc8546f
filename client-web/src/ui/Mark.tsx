/** The mark: two ridges seen from above, and the passage through them. */
export function Mark() {
  return (
    <svg
      className="mark"
      viewBox="0 0 32 32"
      fill="none"
      stroke="currentColor"
      strokeWidth="5"
      aria-hidden="true"
    >
      <path
        transform="translate(1.4 1.4) scale(.9)"
        d="M1.51 22.88A39.5 39.5 0 0 1 8.49 11.74M11.74 8.49A39.5 39.5 0 0 1 22.88 1.51M12.05 30.56A27 27 0 0 1 17.35 20.6M20.6 17.35A27 27 0 0 1 30.56 12.05"
      />
    </svg>
  );
}
