/**
 * All that is said about the template, in one file for jest: it would load CDK anew for each.
 */
import './suites/template.ts';
import './suites/access.ts';
import './suites/functions.ts';
import './suites/wiring.ts';
import './suites/state-machines.ts';
import './suites/operations.ts';
import './suites/checks.ts';
