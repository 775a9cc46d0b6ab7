// Sends a file, and says how much of it is there: fetch does not.
import { ApiError, adminUrl, changeHeaders, errorOf } from '/ui/api.js';

/**
 * Sends a file to an endpoint of the admin API. progress(part) is called with numbers from 0 to 1. The promise is the response's
 * JSON; abort() ends it with an AbortError.
 */
export function upload(at, parameters, file, progress) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.open('POST', `${adminUrl(at)}?${new URLSearchParams(parameters)}`);
    for (const [name, value] of Object.entries(changeHeaders())) {
      request.setRequestHeader(name, value);
    }
    request.setRequestHeader('Accept', 'application/json');
    // Whatever the browser takes it for: the server looks into it.
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.addEventListener('progress', (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.upload.addEventListener('load', () => progress(1));
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) {
        resolve(JSON.parse(request.responseText));
        return;
      }
      const error = errorOf(request.status, request.responseText, request.getResponseHeader('x-request-id'));
      if (error.status === 401) {
        window.dispatchEvent(new CustomEvent('signed-out', { detail: error }));
      }
      reject(error);
    });
    request.addEventListener('error', () => reject(new ApiError('The upload was cut off. Check the connection, and choose the file again')));
    request.addEventListener('abort', () => reject(new DOMException('The upload was cancelled', 'AbortError')));
    request.send(file);
  });
  return { done, abort: () => request.abort() };
}
