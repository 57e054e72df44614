import { describe, expect, it } from "vitest";
import { membersOf } from "./members";

const person = (id: number) => ({ id, name: `Person ${id}`, email: `${id}@example.org`, is_simulated: false });

describe("the people of a study", () => {
  it("are one row each, with all roles and the day of the first", () => {
    const members = membersOf([
      { person: person(1), role: "researcher", granted_at: "2026-02-01T00:00:00Z" },
      { person: person(2), role: "surgeon", granted_at: "2026-03-01T00:00:00Z" },
      { person: person(1), role: "coordinator", granted_at: "2026-01-01T00:00:00Z" },
    ]);
    expect(members.map(({ roles, since }) => [roles.join(), since.slice(0, 10)])).toEqual([
      ["researcher,coordinator", "2026-01-01"],
      ["surgeon", "2026-03-01"],
    ]);
  });
});
