import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type BundleOptions } from '@temporalio/worker';
import { failureConverterPath } from '../security/data-converter.ts';

/** The bundler's entry. */
const workflowsPath = join(import.meta.dirname, '..', 'workflows', 'all.ts');

/**
 * The workflow code as the text of one file. Its modules have no state of their own, so all claims share one
 * copy, which the SDK freezes. Otherwise each cached claim would have its own copy, of several hundred
 * kilobytes.
 */
export async function workflowBundle(path = workflowsPath): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path,
    preloadModules: [path],
    failureConverterPath,
    webpackConfigHook: forThisNode,
    logger: new DefaultLogger('ERROR'),
  });
  return code;
}

type Hook = NonNullable<BundleOptions['webpackConfigHook']>;
type Config = Parameters<Hook>[0];
type Rule = NonNullable<NonNullable<NonNullable<Config['module']>['rules']>[number]>;

/** The SDK compiles TypeScript for ECMAScript 2017, in which every spread of an object is a function call. */
const forThisNode: Hook = (config) => ({
  ...config,
  module: { ...config.module, rules: config.module?.rules?.map((rule) => rule && asItIs(rule)) ?? [] },
});

const asItIs = (rule: Rule): Rule =>
  typeof rule === 'object' && typeof rule.use === 'object' && rule.use && 'loader' in rule.use
    ? {
        ...rule,
        use: {
          ...rule.use,
          options: { sourceMap: true, jsc: { target: 'es2022', parser: { syntax: 'typescript' } } },
        },
      }
    : rule;
