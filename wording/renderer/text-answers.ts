import { stop, type OnMistake } from './mistakes.ts';
import { readLanguages } from './languages.ts';
import { fitForSms } from './sms.ts';
import { placed } from './words.ts';

interface Asker {
  /** The language of the words; another is used if there are no templates in it. */
  language: string;
  /** The country of the telephone number, such as US; it decides the hotline. */
  country: string | undefined;
}

/**
 * The answer to a text that asks for help, from `words.json`. Throws a Miswritten with the file, when it is
 * missing or networks would not take it.
 */
export function helpAnswers(templatesDir: string, onMistake: OnMistake = stop): (asker: Asker) => string {
  const languages = readLanguages(templatesDir, onMistake);
  return ({ language, country }) => {
    const { tag, words } = languages.for(language);
    const hotline = (country && words.places[country]?.hotline) ?? words.brand.hotline;
    return fitForSms(`${tag}/words`, placed(words.answers.help, { brand: words.brand.name, hotline }));
  };
}
