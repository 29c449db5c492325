import { describe, expect, it } from '@jest/globals';
import { contentType, type Form, negotiate } from '../../../shared/api/request/negotiate.ts';

const all: Form[] = ['Object', 'Table', 'PartialObjectMetadata'];
const kubectlGet = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
const kubectlDiscovery = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

describe('an Accept header', () => {
  it.each([
    [null, 'Object'],
    ['', 'Object'],
    ['*/*', 'Object'],
    ['application/*', 'Object'],
    ['application/json', 'Object'],
    ['Application/JSON; charset=utf-8', 'Object'],
    ['application/vnd.kubernetes.protobuf,application/json', 'Object'],
    [kubectlGet, 'Table'],
    ['application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1;g=meta.k8s.io', 'Table'],
    ['application/json;as=Table;v=v2;g=meta.k8s.io,application/json', 'Object'],
    ['application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1', 'PartialObjectMetadata'],
    [kubectlDiscovery, 'Object'],
  ])('of %j asks for %s', (accept, form) => {
    expect(negotiate(accept, all)).toBe(form);
  });

  it.each(['application/yaml', 'text/html', 'application/json;as=Chart;v=v1;g=meta.k8s.io'])('of %j cannot be served', (accept) => {
    expect(() => negotiate(accept, all)).toThrow('only the following media types are accepted: application/json');
  });
});

describe('a Content-Type', () => {
  it.each([
    [undefined, 'application/json'],
    ['application/json; charset=utf-8', 'application/json'],
    ['Application/Merge-Patch+JSON', 'application/merge-patch+json'],
  ])('of %j is %s', (header, type) => {
    expect(contentType(new Headers(header === undefined ? {} : { 'content-type': header }))).toBe(type);
  });
});
