import { ACT_NAMES } from './acts.js';
import { EVENT_TYPES } from './event-types.js';

// Stored in every log: add to these names, never change one.
test('every type of event has the name under which logs hold it', () => {
  expect([...EVENT_TYPES].filter((type) => !ACT_NAMES.some((act) => act === type))).toEqual([
    'PositionAssessed',
    'RecordCorrected',
    'RecordVoided',
    'RecordRestored',
    'PayloadRedacted',
    'DossierOpened',
    'SourceTextAdded',
    'PartyAdded',
    'SpeakerAdded',
    'TopicAdded',
    'SourceAdded',
    'PartyRenamed',
    'PartyAliasesChanged',
    'PartyKindChanged',
    'SpeakerRenamed',
    'SpeakerAliasesChanged',
    'SpeakerAffiliationsChanged',
    'TopicRenamed',
    'TopicReworded',
    'SourceRetitled',
    'SourceMoved',
    'SourceOutletChanged',
    'SourceRedated',
    'SourceLanguageChanged',
    'SourceTextChanged',
  ]);
});
