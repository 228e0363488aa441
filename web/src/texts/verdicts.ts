/** What each check found, in words: what was checked, and what that means. Places in braces are filled in. */
export const verdicts = {
  unreadable: {
    title: 'The checkpoint can be read',
    text: 'What the service gives as a checkpoint or as its key is none. Nothing can be checked.',
  },
  signed: {
    title: 'The checkpoint is signed',
    text: 'The log of {size} events was signed with the key that the service names.',
  },
  unsigned: {
    title: 'The checkpoint is signed',
    text: 'No signature under the checkpoint is of the key that the service names. What it says of the log is worth nothing.',
  },
  keyFirst: {
    title: 'The key is new to this browser',
    text: 'It is kept from now on. Compare it with what its operator published, if you want to be sure of it today.',
  },
  keySame: { title: 'The key is the one of last time', text: 'It is the key that this browser has kept.' },
  keyReplaced: {
    title: 'The key was replaced',
    text: 'Event {sequence} of the log itself leads from the key that this browser kept to this one, and both keys have signed the log as it was then.',
  },
  keyNotHandedOver: {
    title: 'The key was replaced',
    text: 'Event {sequence} says so, but the key that this browser kept has not signed it: anyone who runs the service could have written it. A dossier that was moved to another installation looks the same. Ask its operator before you believe anything that the new key signs.',
  },
  keyChanged: {
    title: 'The key is the one of last time',
    text: 'The service names another key than this browser has kept, and the log does not lead to it. Ask its operator why before you believe anything it signs.',
  },
  seenFirst: {
    title: 'This browser sees the log for the first time',
    text: 'It keeps the checkpoint, and will notice if the log is ever shortened or rewritten.',
  },
  grown: {
    title: 'The log has only grown',
    text: 'What this browser saw last, {before} events, is the beginning of the {size} events of now.',
  },
  shrunk: {
    title: 'The log has only grown',
    text: 'This browser has seen {before} events; now there are {size}. Events were taken away.',
  },
  forked: {
    title: 'The log has only grown',
    text: 'The {size} events of now do not begin with the {before} that this browser saw. The log was rewritten.',
  },
  included: {
    title: 'The event is in the log',
    text: 'Its entry leads, by the proof, to the signed root of {size} events.',
  },
  notIncluded: {
    title: 'The event is in the log',
    text: 'Event {sequence} as the service shows it does not lead to the signed root: who, when or what was changed, or the proof is wrong.',
  },
  notProven: {
    title: 'The event is in the log',
    text: 'The service gives no proof of event {sequence}: it cannot, or will not.',
  },
  unchanged: {
    title: 'Its content is unchanged',
    text: 'What was recorded is, byte for byte, what the entry commits to.',
  },
  changed: {
    title: 'Content is unchanged',
    text: 'The content of event {sequence} is not what its entry commits to: it was changed after it was recorded.',
  },
  redacted: {
    title: 'Its content was erased',
    text: 'By an order that the log records. That there was such an event, and when, is still proven.',
  },
  tilesSame: {
    title: 'Every stored hash is right',
    text: 'Each entry, hashed here, gives the hash that the service keeps in its tiles.',
  },
  tileDiffers: {
    title: 'Every stored hash is right',
    text: 'From event {sequence} on an entry and the hash stored for it differ: one of them was changed.',
  },
  rootSame: {
    title: 'The whole log gives the signed root',
    text: 'All {size} entries, hashed here one after the other, lead to the root that was signed.',
  },
  rootDiffers: {
    title: 'The whole log gives the signed root',
    text: 'The {size} entries do not lead to the root that was signed: at least one is not what it was.',
  },
  payloadsSame: {
    title: 'All content is unchanged',
    text: 'The content of all {size} events is what their entries commit to.',
  },
  payloadsErased: {
    title: 'All other content is unchanged',
    text: 'The content of {erased} of the {size} events was erased, each by an event of this log; that of all others is what their entries commit to.',
  },
  payloadWithheld: {
    title: 'All content is unchanged',
    text: 'The service does not give the content of event {sequence} as it stands in the log: it cannot, or will not.',
  },
  payloadHidden: {
    title: 'All content is unchanged',
    text: 'The content of event {sequence} is said to be erased, and no event of the signed log says so. If it was erased just now, check again.',
  },
  stopped: {
    title: 'Checking was stopped',
    text: 'Only a whole log can be compared with the root that was signed.',
  },
} as const;
