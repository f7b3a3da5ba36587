/** The script of `kilat/worker-inline`'s worker: the module comes from the page, compiled. */
import { KilatError } from '../errors.js';
import { openWith } from '../open.js';
import { serve } from './serve.js';

serve((options, module) => {
  if (!module) throw new KilatError('LOAD', 'the page has sent no module');
  return openWith(() => Promise.resolve(module), options);
});
