import type { Schemas } from "@/shared/api";

type Membership = Schemas["Membership"];

export interface Member {
  person: Membership["person"];
  roles: Membership["role"][];
  since: string;
}

/** One row for each person, with all their roles and the day of the first. */
export function membersOf(memberships: readonly Membership[]): Member[] {
  const members = new Map<number, Member>();
  for (const { person, role, granted_at: since } of memberships) {
    const known = members.get(person.id);
    if (known) {
      known.roles.push(role);
      if (since < known.since) known.since = since;
    } else {
      members.set(person.id, { person, roles: [role], since });
    }
  }
  return [...members.values()];
}
