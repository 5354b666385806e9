import { application } from '../../application.js';

export const dynamic = 'force-dynamic';

export async function GET() {
  const { book } = await application();
  return Response.json({ used: book.usedByChange });
}
