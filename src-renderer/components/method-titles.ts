/** The name of a member of a family as its title starts: "Gabor: oriented-energy pyramid" is Gabor. */
export function shortTitle(members: readonly { name: string; title: string }[], name: string): string {
  const title = members.find((member) => member.name === name)?.title ?? name;
  return title.split(':')[0];
}

/** What a title says after the name. */
export function explanation(title: string): string {
  const [name, ...rest] = title.split(':');
  return rest.length > 0 ? rest.join(':').trim() : name;
}
