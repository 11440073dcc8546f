export { headOf, TermCard, type TermCardProps } from './TermCard';
export {
  foldWord,
  missingCounterparts,
  speaks,
  TermMatcher,
  type FoundTerm,
  type MissingCounterpart,
} from './match';
