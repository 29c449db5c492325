import * as z from 'zod';
import { objectReference } from '../fields.ts';

/** The fields of an Event. Some have other names in events.k8s.io/v1, and there the ones of old are deprecated. */

const time = z.iso.datetime({ offset: true }).nullish();

export const eventFields = {
  involvedObject: objectReference.describe('The object that it happened to. A namespaced object has its Events in its own namespace.'),
  message: z.string().optional().describe('What happened, in a sentence for people.'),
  count: z.int().optional().describe('How often it happened, when it is counted here: the same thing again is no new Event.'),
  firstTimestamp: time.describe('When it happened first, to the second.'),
  lastTimestamp: time.describe('When it happened last, to the second.'),
  source: z
    .object({
      component: z.string().optional().describe('The program that reports it, such as plastron or kubelet.'),
      host: z.string().optional().describe('The Node on which that program runs.'),
    })
    .optional()
    .describe('Who reports it.'),
  reportingComponent: z
    .string()
    .optional()
    .describe('Who reports it, as a qualified name such as kubernetes.io/kubelet. Required when eventTime is set.'),
};

/** Those that are called the same everywhere. */
export const sharedEventFields = {
  reason: z.string().optional().describe('Why it happened, in one word that a program can look for, such as SuccessfulCreate.'),
  type: z.string().optional().describe('Normal, or Warning when somebody may have to do something. New types may come.'),
  eventTime: time.describe('When it happened first, to the microsecond.'),
  series: z
    .object({
      count: z.int().optional().describe('How often it has happened so far, 2 or more.'),
      lastObservedTime: time.describe('When it happened last, to the microsecond.'),
    })
    .nullish()
    .describe('Says that it goes on happening. Absent when it happened once.'),
  action: z.string().optional().describe('What was done to the object, or failed. Required when eventTime is set.'),
  related: objectReference.optional().describe('Another object that it is about, such as one that was made for the first.'),
  reportingInstance: z.string().optional().describe('Which instance of the reporting program. Required when eventTime is set.'),
};
